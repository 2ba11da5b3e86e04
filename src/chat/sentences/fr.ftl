# The sentences of Bursar in French. Typed words (commands, choices, amounts) stay as they are in every language.

## Words

none = –
credits = { $count ->
        [one] { $amount } crédit
       *[other] { $amount } crédits
    }
change = { $before } → { $after }

## Buttons

button-add-credit = Ajouter du crédit
button-ask-credit = Demander du crédit
button-add-account = Ajouter un autre compte
button-refresh = Actualiser
button-view = Voir { $name }
button-choose = Choisir { $name }
button-next = Page suivante
button-first = Première page
button-skip = Passer
button-cancel = Annuler
button-confirm = Confirmer
button-withdraw = Retirer
button-withdraw-one = Retirer { $name }
button-approve = Approuver
button-approve-one = Approuver { $name }
button-reject = Rejeter
button-reject-one = Rejeter { $name }
button-ask-again = Redemander
button-fill-in = Remplir
button-try-again = Réessayer

## Fields of cards

field-username = Identifiant
field-class = Classe
field-status = Statut
field-balance = Solde
field-unpaid = Impayé
field-price = Prix du crédit
field-manager = Gestionnaire
field-reseller = Revendeur
field-referral = Parrain
field-email = E-mail
field-phone = Téléphone
field-delivery-url = URL des accusés de réception
field-active = Dernière activité
field-since = Client depuis
field-client = Client
field-amount = Montant
field-mode = Règlement
field-invoice = Facture
field-payer = Crédits prélevés sur
field-note = Remarque
field-reference = Référence du paiement
field-asked-by = Demandé par
field-approved-by = Approuvé par
field-expires = Valable jusqu’au
field-person = Personne
field-role = Rôle
field-account = Compte
field-code = Code
field-link = Lien

## Clients

client-footer = Client nº { $id }
find-title = Clients trouvés pour « { $query } »
find-none-title = Personne n’a été trouvé
find-none = Aucun client dont le nom, l’identifiant, l’e-mail ou le téléphone commence par « { $query } ». Essayez avec moins de lettres.
find-none-yet = Trop de noms commencent par ces mots pour que tous aient été examinés. Tapez plus de lettres.
find-narrow = Il y en a d’autres : tapez plus de lettres.
find-which = Quel « { $query } » ?

## Requests

title-credit-add = Ajouter { $amount } à { $client }
title-credit-request = { $client } demande { $amount }
title-invite = Inviter { $name }, rôle { $role }
request-footer = Demande nº { $id }
invoice-for = { $total } ({ $price } le crédit)
invoice-for-taxed = { $total } ({ $price } le crédit, dont taxe { $tax })
invoice-zero = { $total }
invoice-issued = { $number } de { $total }
payer-house = { $business }
payer-reseller = { $name } : { $before } → { $after }
draft-direct = Votre confirmation suffit.
draft-solo = Vous êtes le seul administrateur : votre confirmation tient lieu de la seconde, et le canal de l’équipe en est informé.
draft-needs = { $needed ->
        [one] Une autre personne doit approuver.
       *[other] { $needed } autres personnes doivent approuver.
    }
draft-prepaid = Une facture est émise, et les interlocuteurs du client sont prévenus. Les crédits arrivent à son paiement.
draft-told = Une facture est émise, et les interlocuteurs du client sont prévenus.
state-draft = Rien n’est encore fait. Voici ce qui va se passer :
state-pending = { $needed ->
        [one] En attente d’une approbation.
       *[other] En attente de { $needed } approbations.
    }
state-partly = { $given } approbation(s) sur { $needed } déjà données.
state-done = Fait par { $by }.
state-approved = Approuvé par { $by } et exécuté.
state-rejected = Rejeté par { $by } : { $reason }
state-expired = Le délai est écoulé ; rien n’a été modifié.
state-cancelled = Annulé par { $by } ; rien n’a été modifié.
state-unfit = Non exécuté : { $why }
approvals-title = En attente d’approbation
approvals-none = Rien n’attend d’approbation.
approvals-line = demandé par { $name }, valable jusqu’au { $until }

## Notices

notice-outcome = Votre demande : { $title }
notice-credited = { $amount } ajoutés à votre compte
notice-credited-text = Votre solde est de { $balance }. Facture : { $invoice }.
notice-credited-prepaid = { $amount } vous attendent dès le paiement de la facture { $invoice }.
notice-prepaid-title = Une facture pour vous
notice-solo = { $name } est le seul administrateur et a décidé seul.

## People

linked-title = Compte lié
linked = Vous êtes { $name }, rôle { $role }. Tapez /help pour voir ce que vous pouvez faire.
linked-added = Ce compte appartient désormais à { $name }. Tapez /help pour voir ce que vous pouvez faire.
account-title = Ajouter un autre compte
account-text = Dans l’autre messagerie, ouvrez le lien (Telegram) ou tapez /link suivi du code. Il ne sert qu’une fois, pendant 15 minutes.
code-now = Remettez ceci à la nouvelle personne : le lien pour Telegram, ou /link et le code dans Discord. Il ne sert qu’une fois, pendant 24 heures, et ne s’affiche qu’ici.
code-later = Gardez ceci pour la nouvelle personne ; il ne sert qu’une fois, dès que l’invitation est approuvée, pendant 24 heures, et ne s’affiche qu’ici.

## Help

help-title = Ce que { $business } peut faire pour vous ici
help-text = Ce que vous omettez vous sera demandé.
help-unlinked = Votre compte n’est pas encore lié. Demandez à un administrateur un code à usage unique, puis tapez /link et le code.

## Questions

question-ask = { $label } ?
question-way-out = Envoyez /cancel pour arrêter.
question-cancelled-title = Arrêté
question-cancelled = Rien n’a été modifié.

## Refusals

title-refused = Non exécuté
refusal-not-linked = Je ne connais pas encore ce compte. Demandez à un administrateur un code à usage unique, puis tapez /link et le code.
refusal-not-allowed = Votre rôle ne le permet pas. Un administrateur peut le faire, ou vous donner un autre rôle.
refusal-no-rights-here = Les messages n’ouvrent aucun droit ici. Passez par le serveur Discord de l’entreprise, ou par une conversation privée avec moi sur Telegram.
refusal-unknown-command = Je ne connais pas « { $typed } ». Tapez /help pour voir ce que vous pouvez faire.
refusal-unknown-command-meant = Je ne connais pas « { $typed } ». Vouliez-vous dire /{ $meant } ? Tapez /help pour tout voir.
refusal-unknown-button = Ce bouton vient d’un ancien message. Recommencez par la commande.
refusal-no-open-question = Je n’attends pas de réponse ici. Tapez /help pour voir ce que vous pouvez faire.
refusal-client-gone = Ce client n’existe pas. Cherchez avec /client find.
refusal-client-not-found = Il n’y a pas de client « { $query } ». Cherchez par les premières lettres : /client find.
refusal-client-ambiguous = Plusieurs clients correspondent à « { $query } ». Précisez le nom, ou donnez l’identifiant.
refusal-amount-not-a-number = « { $typed } » n’est pas un montant. Écrivez des chiffres seulement, par exemple { $example }.
refusal-amount-decimals = { $decimals ->
        [0] « { $typed } » a des décimales, et les crédits n’en ont pas. Écrivez par exemple 500.
        [one] « { $typed } » a trop de décimales : un crédit en a une.
       *[other] « { $typed } » a trop de décimales : un crédit en a { $decimals }.
    }
refusal-amount-too-small = Le montant minimal est { $least }.
refusal-amount-too-large = Le montant maximal est { $most }. Ajoutez le reste en plusieurs fois.
refusal-choice = « { $typed } » n’est pas un choix possible pour { $option } : { $choices }.
refusal-too-long = { $option } ne peut dépasser { $max } caractères. Raccourcissez et renvoyez.
refusal-missing = Il manque { $option }. Recommencez en le précisant.
refusal-leftover = Je ne sais que faire de « { $typed } ». Tapez /help pour voir ce que prend la commande.
refusal-client-status = { $client } est au statut « { $status } ». On ne peut créditer que des clients actifs.
refusal-own-status = Votre propre compte est au statut « { $status } », vous ne pouvez donc pas donner de crédit. Adressez-vous à l’équipe.
refusal-own-account = C’est votre propre compte. Demandez du crédit avec /credit request.
refusal-not-enough-credit = Votre solde est de { $balance }, moins que { $amount }. Demandez-en avec /credit request.
refusal-reason-required = Un crédit offert exige un motif. Remplissez la remarque.
refusal-too-dear = La facture serait trop élevée. Ajoutez moins à la fois.
refusal-request-not-found = Cette demande n’existe pas. Voyez ce qui attend avec /approval list.
refusal-not-yours = Seule la personne qui l’a demandé peut appuyer ici. Faites votre propre demande par la commande.
refusal-changed = Ce n’est plus ce qui est enregistré. Recommencez par la commande.
refusal-over-applied = C’est déjà fait, sur décision de { $by }. Il n’y a plus rien à faire.
refusal-over-rejected = { $by } l’a déjà rejeté. La personne qui l’a demandé peut redemander.
refusal-over-expired = Le délai de cette demande est écoulé, et rien n’a été modifié. La personne qui l’a demandée peut redemander.
refusal-over-cancelled = { $by } a renoncé à cette demande. Il n’y a plus rien à faire.
refusal-over-unfit = Cette demande ne convenait plus et n’a pas été exécutée. La personne qui l’a demandée peut redemander.
refusal-not-confirmed = La personne qui l’a demandé n’a pas encore confirmé.
refusal-requester = Vous l’avez demandé vous-même. Quelqu’un d’autre doit décider.
refusal-beneficiary = Vous êtes bénéficiaire : c’est votre propre compte. Quelqu’un d’autre doit décider.
refusal-not-approver = Votre rôle ne permet pas d’en décider. Un administrateur ou une personne des finances le peut.
refusal-already-voted = { $missing ->
        [one] Vous avez déjà approuvé. Il faut encore une personne.
       *[other] Vous avez déjà approuvé. Il faut encore { $missing } personnes.
    }
refusal-role-unconfirmed = Je ne peux pas vérifier dans Discord en ce moment que la personne qui a demandé ou approuvé a toujours ce rôle. Appuyez de nouveau dans une minute.
refusal-not-askable = Cette demande est encore ouverte ou a été exécutée. Voyez /approval list.
refusal-bad-code = Ce code n’est pas valable : déjà utilisé, trop ancien ou pas encore approuvé. Demandez-en un nouveau à un administrateur.
refusal-already-linked = Ce compte appartient déjà à quelqu’un. Un administrateur peut d’abord l’en retirer.
refusal-needs-reseller = Le rôle { $role } est lié à un client de classe RESELLER. Indiquez ce client.
refusal-only-in-private = Tout le monde ici lirait le code. Faites-le dans une conversation privée avec moi.
refusal-needs-no-client = Seule l’invitation d’un revendeur désigne un client. N’indiquez pas de client.
refusal-too-fast = C’était trop à la fois ; la fin n’a pas été prise en compte. Attendez un instant, puis renvoyez.

## Faults

title-fault = Une panne est survenue
fault-database = La base de données est injoignable. Rien n’a été modifié ; réessayez dans une minute. Référence { $reference }.
fault-timeout = La réponse n’est pas arrivée à temps. L’action peut encore s’exécuter : vérifiez avant de redemander. Référence { $reference }.
fault-messenger = Un autre service est injoignable. Réessayez dans une minute. Référence { $reference }.
fault-internal = Cela n’a pas fonctionné. Rien n’a été modifié ; donnez la référence { $reference } à qui gère ce bot.

## Commands

command-client-find = Chercher des clients par les premières lettres du nom, de l’identifiant, de l’e-mail ou du téléphone
command-client-view = Afficher la fiche d’un client
command-credit-add = Ajouter du crédit à un client, avec sa facture
command-credit-request = Demander du crédit pour votre propre compte
command-approval-list = Afficher les demandes en attente d’approbation
command-people-invite = Inviter une personne par un code à usage unique
command-link = Lier ce compte avec votre code à usage unique
command-me = Afficher qui vous êtes ici
command-help = Afficher ce que vous pouvez faire
command-client = Chercher et afficher des clients
command-credit = Ajouter et demander du crédit
command-approval = Demandes en attente d’approbation
command-people = Qui travaille avec ce bot

## Options

option-client = Premières lettres du nom, ou identifiant, e-mail, téléphone
option-amount = Combien de crédits, en chiffres
option-mode = Comment c’est réglé
option-note = Motif ou remarque ; obligatoire pour un crédit offert
option-reference = Référence de votre paiement
option-role = Ce que la personne peut faire
option-name = Le nom de la personne
option-code = Le code à usage unique que vous avez reçu

## Forms

form-client-find = Chercher des clients
form-client-view = Voir un client
form-credit-add = Ajouter du crédit
form-credit-request = Demander du crédit
form-approval-reject = Rejeter
form-people-invite = Inviter une personne
form-link = Lier ce compte
field-name = Nom
field-request = Demande
field-reason = Motif
hint-client = Premières lettres, identifiant, e-mail ou téléphone
hint-amount = Des chiffres seulement, par exemple 500
hint-mode = on account (à terme), prepaid (prépayé) ou gift (offert) ; vide : à terme
hint-note = Un crédit offert exige un motif
hint-reference = Par exemple le numéro de votre virement
hint-role = support, finance, admin, auditor ou reseller
hint-name = Tel que les collègues la connaissent
hint-code = 26 lettres et chiffres
hint-reason = La personne qui a demandé le lira

## Choices

choice-on-account = À terme : crédits tout de suite, facture à payer
choice-prepaid = Prépayé : crédits au paiement de la facture
choice-gift = Offert : sans frais
choice-support = Support
choice-finance = Finances
choice-admin = Administrateur
choice-auditor = Auditeur
choice-reseller = Revendeur

## Status

status-pending = en attente
status-active = actif
status-suspended = suspendu
status-closed = fermé

## Why a request stopped fitting

unfit-client-not-active = le client n’est plus actif. Activez-le, puis redemandez.
unfit-requester-lost-role = la personne qui l’a demandé n’en a plus le droit.
unfit-not-enough-credit = le solde ne suffit plus. Demandez moins, ou demandez d’abord du crédit.
unfit-price-changed = le prix a changé depuis l’affichage. Redemandez pour voir le nouveau.
unfit-payer-not-active = le compte qui donnerait le crédit n’est plus actif.

## Reprises

button-undo = Annuler l'opération
button-take-back = Reprendre { $amount }
button-deduct = Déduire des crédits
button-reverse = Reprendre
button-activate = Activer
button-suspend = Suspendre
field-returns-to = Les crédits reviennent à
field-taken-back = Repris
field-spent = Déjà dépensé
field-credit-note = Avoir
field-limit = Découvert autorisé
share = { $amount } à { $to }
part-of = { $part } sur { $whole }
title-credit-deduct = Déduire { $amount } du compte de { $client }
title-credit-reverse = Reprendre { $amount } à { $client }
title-credit-limit = Autoriser { $client } à un découvert de { $limit }
title-client-activate = Activer { $client }
title-client-suspend = Suspendre { $client }
title-client-close = Clôturer { $client }
draft-client-told = Les personnes du client en sont informées.
draft-unusual = C'est plus de 25 fois ce que ce client reçoit d'habitude : une approbation de plus est nécessaire.
draft-voids = Sa facture impayée est annulée, et les personnes du client en sont informées.
draft-notes = Un avoir de { $total } est émis, et les personnes du client en sont informées.
notice-reminder = Toujours en attente : { $title }
notice-deducted = { $amount } ont été déduits de votre compte
notice-deducted-text = Votre solde est de { $balance }. Motif : { $reason }
notice-returned = { $amount } sont revenus sur votre compte
notice-limit = Votre découvert autorisé est désormais de { $limit }
notice-limit-text = Votre solde est de { $balance }.
notice-status = Votre compte est désormais { $status }
reverse-title = Reprendre à { $client }
reverse-none = Il n'y a rien à reprendre.
posting-added = { $amount } ajoutés
posting-deducted = { $amount } déduits
refusal-balance-too-low = { $client } n'a que { $available } disponibles, moins que { $amount }. Déduisez moins.
refusal-not-given-by-you = Vous avez donné à ce client { $given } que vous n'avez pas repris, moins que { $amount }. Déduisez moins, ou demandez à l'équipe.
refusal-uncorrectable = { $client } est { $status } : ses crédits ne peuvent pas être corrigés. Activez d'abord le client.
refusal-posting-not-found = Il n'y a pas de tel mouvement à reprendre. Choisissez-en un avec /credit reverse.
refusal-already-reversed = Ce mouvement a déjà été repris, et ne l'est qu'une fois. Utilisez /credit deduct pour le reste.
refusal-more-than-original = Seulement { $original } ont été déplacés. Reprenez cela au plus.
refusal-spent = { $spent } en sont dépensés ; { $left } peuvent être repris. Demandez cela au plus.
refusal-below-limit = Le solde est déjà de { $balance }, sous cette limite. Ajoutez d'abord des crédits, ou fixez une limite plus haute.
refusal-nothing-changes = C'est déjà le cas ; rien n'a été changé.
refusal-not-closeable = Un compte se clôture avec un solde de 0 et rien d'impayé. Le solde est de { $balance }, l'impayé de { $unpaid }. Réglez cela d'abord.
refusal-too-late-to-undo = Il est trop tard pour annuler ici. Utilisez la commande prévue, par exemple /credit reverse.
refusal-bad-price = « { $typed } » n'est pas un prix. Écrivez des chiffres avec six décimales au plus, par exemple 0.05.
command-credit-deduct = Déduire des crédits à un client
command-credit-reverse = Reprendre ce qui a été ajouté ou déduit
command-credit-limit = Autoriser un client à un découvert
command-client-activate = Activer un client : il peut envoyer et se connecter
command-client-suspend = Suspendre un client : ni envoi ni connexion
command-client-close = Clôturer un compte au solde de 0 et sans impayé
option-price = Prix d'un crédit, au lieu de celui du client
option-posting = Quel mouvement ; omettez-le pour choisir parmi les récents
option-reason = Pourquoi ; le client le lit
option-limit = Jusqu'où sous zéro, en chiffres ; 0 le retire
form-credit-deduct = Déduire des crédits
form-credit-reverse = Reprendre
form-credit-limit = Découvert autorisé
form-client-activate = Activer un client
form-client-suspend = Suspendre un client
form-client-close = Clôturer un client
field-posting = Mouvement
hint-price = Par exemple 0.05 ; vide : le prix du client
hint-posting = Comme affiché
hint-limit = Des chiffres ; 0 pour aucun
unfit-changed = l'objet de la demande a changé depuis qu'il a été montré. Redemandez pour voir où il en est.

## Reports

command-report = Dessiner des chiffres au fil du temps
command-report-week = Dessiner les crédits et les factures des 12 dernières semaines
command-report-month = Dessiner les crédits et les factures des 12 derniers mois
command-report-balance = Dessiner le solde d’un client sur les 90 derniers jours
form-report-balance = Solde au fil du temps
field-added = Crédits ajoutés
field-invoiced = Facturé
report-weeks = Crédits et factures, 12 dernières semaines (du lundi, UTC)
report-months = Crédits et factures, 12 derniers mois (UTC)
report-course = Solde en crédits, 90 derniers jours (UTC)
report-nothing = Aucun mouvement sur ce compte pour le moment.
picture-month = { $month ->
    [1] janv.
    [2] févr.
    [3] mars
    [4] avr.
    [5] mai
    [6] juin
    [7] juil.
    [8] août
    [9] sept.
    [10] oct.
    [11] nov.
   *[12] déc.
}
picture-day = { $day } { $month ->
    [1] janv.
    [2] févr.
    [3] mars
    [4] avr.
    [5] mai
    [6] juin
    [7] juil.
    [8] août
    [9] sept.
    [10] oct.
    [11] nov.
   *[12] déc.
}
