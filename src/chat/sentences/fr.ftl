# The sentences of Bursar in French. Commands and amounts are typed alike in every language; choices by their name or as they
# are called here.

## Words

language-name = Français
language-followed = { $name }, comme dans la messagerie
number-group = { "\u202F" }
number-point = ,
none = –
credits = { $count ->
        [one] { $amount }{ "\u00A0" }crédit
       *[other] { $amount }{ "\u00A0" }crédits
    }
money = { $amount }{ "\u00A0" }{ $currency }
percent = { $rate }{ "\u00A0" }%
month = { $month ->
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
day = { $day ->
        [1] 1er
       *[other] { $day }
    } { $month }
date = { $day ->
        [1] 1er
       *[other] { $day }
    } { $month } { $year }
moment = { $day ->
        [1] 1er
       *[other] { $day }
    } { $month } { $year } à { $hour }:{ $minute } UTC
change = { $before } → { $after }

## Buttons

button-ask-credit = Demander du crédit
button-add-account = Ajouter un autre compte
button-refresh = Actualiser
button-activate = Activer { $name }
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
state-undone = Fait, puis annulé par { $request }.
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
refusal-own-class = Votre propre compte n’est plus celui d’un revendeur. Demandez à l’équipe de rétablir sa classe ou de retirer votre accès.
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
command-me = Afficher qui vous êtes ici, et choisir votre langue
command-help = Afficher ce que vous pouvez faire
option-language = Quelle langue
form-me = Votre langue
field-language = Langue
hint-language = Quelle langue
choice-messenger = Comme dans la messagerie
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
hint-reason = Les personnes concernées le liront

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

## Fichiers

refusal-file-needed = { $option } est un fichier. Envoyez-le comme document.
refusal-file-is-picture = { $option } est arrivé comme image. Renvoyez-le comme document.
refusal-file-to-attach = Il faut un fichier, et une fenêtre ne peut pas en prendre. Tapez /{ $command } et joignez le fichier comme « { $option } ».
refusal-file-too-large = Le fichier est trop gros ; { $megabytes } Mo au plus sont acceptés. Découpez-le et envoyez les parties une à une.
refusal-file-gone = Le fichier n'est plus là. Renvoyez-le.
question-file = Envoyez le fichier comme document.
## Factures

button-add-line = Ajouter une ligne
button-paid = Marquer payée
button-void = Annuler la facture
button-credit-note = Faire un avoir
button-unpay = Marquer impayée
button-client = Client
field-lines = Lignes
field-net = Hors taxe
field-tax = Taxe
field-total = Total
field-due = Échéance
field-released = Crédits versés
field-left = Reste à payer
field-credit = Crédits
field-issued = Émise
field-paid = Payée
title-invoice-create = Facture de { $total } à { $client }
title-invoice-paid = { $number } est payée
title-invoice-unpay = { $number } n'est finalement pas payée
title-invoice-void = Annuler { $number }
title-invoice-credit = Avoir de { $total } sur { $number }
title-invoice-tax = Taux de taxe de { $client }
tax-at = { $tax } ({ $rate })
tax-business = { $rate }, celui de l'entreprise
due-days = { $days ->
    [0] immédiatement
    [one] dans { $days } jour
   *[other] dans { $days } jours
}
due-on = à payer le { $moment }
due-over = { $moment } : en retard
invoice-line = { $text } : { $quantity } × { $price } = { $net }
invoice-title = Facture { $number }
invoices-title = Factures
invoices-none = Il n'y a pas de telle facture.
invoices-line = { $number } · { $total }
note-line = { $number } de { $total } : { $reason }
credit-at = { $credits } à { $price }
paid-by = { $moment }, { $reference }
draft-releases = Les crédits arrivent aussitôt, et le client est prévenu.
notice-invoice = Vous avez une nouvelle facture : { $number }
notice-invoice-text = Son montant est de { $total }, à payer { $due }.
notice-paid = La facture { $number } est payée, merci
notice-paid-text = { $credits } ont été ajoutés. Votre solde est de { $balance }.
notice-unpaid = La facture { $number } est de nouveau impayée
notice-unpaid-text = Le paiement a été retiré. À payer : { $total }.
notice-voided = La facture { $number } est annulée : rien n'est à payer
notice-noted = Un avoir réduit la facture { $number } de { $total }
notice-still-unpaid = La facture { $number } n'est pas encore payée
notice-still-unpaid-text = { $client } doit payer { $total }. Échéance : { $due }
refusal-invoice-not-found = Il n'y a pas de facture « { $typed } ». Voyez ce qu'il y a avec /invoice list.
refusal-invoice-paid = { $number } est payée. Si c'est une erreur, utilisez d'abord /invoice unpay.
refusal-invoice-unpaid = { $number } n'est pas payée. Enregistrez son paiement avec /invoice paid.
refusal-invoice-voided = { $number } est annulée ; rien n'est dû. Créez-en une autre avec /invoice create.
refusal-invoice-covered = Des avoirs couvrent tout { $number } ; il ne reste rien à payer.
refusal-reference-used = « { $reference } » est déjà le paiement de { $number }. Donnez la référence de ce paiement-ci.
refusal-nothing-was-paid = { $number } ne demande rien ; aucun paiement ne peut être retiré.
refusal-credit-landed = Les crédits de { $number } sont arrivés. Reprenez-les d'abord entièrement avec /credit reverse.
refusal-invoice-credited = { $number } a des avoirs et ne peut pas être annulée. Réduisez le reste avec /invoice credit.
refusal-void-by-reverse = { $number } est pour des crédits ajoutés. Reprenez-les avec /credit reverse ; cela l'annule.
refusal-more-than-left = Un avoir sur { $number } réduit de quelque chose, et de { $left } au plus, ce qui en reste.
refusal-too-many-lines = Une facture a au plus { $most } lignes. Créez-en une autre pour le reste.
refusal-bad-line = « { $typed } » n'est pas une ligne. Écrivez texte; quantité; prix unitaire, par exemple Installation; 1; 50. Séparez par |.
refusal-bad-money = « { $typed } » n'est pas un montant. Écrivez des chiffres, par exemple 12.50.
refusal-bad-days = « { $typed } » n'est pas un nombre de jours. Écrivez des chiffres de 0 à 365.
refusal-bad-rate = « { $typed } » n'est pas un taux. Écrivez un pourcentage à deux décimales au plus, par exemple 19.6, ou business.
command-invoice = Créer, voir et régler des factures
command-invoice-create = Créer une facture avec des lignes pour un client
command-invoice-list = Lister les factures, par client ou par état
command-invoice-view = Voir une facture et ce qu'on peut en faire
command-invoice-paid = Enregistrer le paiement d'une facture ; les crédits prépayés arrivent
command-invoice-unpay = Retirer le paiement d'une facture
command-invoice-void = Annuler une facture impayée
command-invoice-credit = Réduire une facture par un avoir
command-invoice-tax = Donner à un client son propre taux de taxe
form-invoice-create = Nouvelle facture
form-invoice-line = Ajouter une ligne
form-invoice-list = Factures
form-invoice-view = Facture
form-invoice-paid = Enregistrer un paiement
form-invoice-unpay = Retirer un paiement
form-invoice-void = Annuler une facture
form-invoice-credit = Avoir
form-invoice-tax = Taux de taxe
option-invoice = Son numéro ; omettez-le pour en choisir une
option-lines = texte; quantité; prix unitaire, avec | entre les lignes
option-due = Dans combien de jours elle est à payer
option-status = Seulement celles dans cet état
option-money = De combien réduire, taxe comprise
option-rate = Pourcentage, ou business pour celui de l'entreprise
field-draft = Brouillon
field-text = Texte
field-quantity = Quantité
field-each = Prix unitaire
field-money = Montant, taxe comprise
field-rate = Taux de taxe
hint-invoice = Par exemple INV-000042
hint-lines = Installation; 1; 50 | Numéros; 2; 9.90
hint-due = Jours ; vide : comme d'habitude
hint-status = Omettez-le pour toutes
hint-draft = Comme affiché
hint-text = Pour quoi
hint-quantity = Par exemple 2 ou 2.5
hint-each = Hors taxe, par exemple 9.90
hint-money = Des chiffres, par exemple 12.50
hint-rate = Par exemple 19.6, ou business
choice-unpaid = impayée
choice-overdue = en retard
choice-paid = payée
choice-voided = annulée
## Comptes

refusal-own-client = C'est votre propre compte. Quelqu'un d'autre doit le modifier.
refusal-unchangeable = { $client } est { $status }, donc rien d'autre ne peut être changé. Voyez avec /client view ce qui est possible.
refusal-no-such-other = « { $query } » ne désigne pas un client unique ({ $option }). Tapez l'identifiant, ou choisissez parmi les propositions.
refusal-no-reseller = { $client } n'est pas un revendeur actif. Nommez un client actif de classe RESELLER.
refusal-circle = { $client } vient de ce même client : ce serait un cercle. Nommez quelqu'un d'autre.
refusal-has-clients = { $clients ->
        [one] Ce revendeur a un client.
       *[other] Ce revendeur a { $clients } clients.
    } Nommez le revendeur qui reprend (heir).
refusal-too-many-move = Plus de { $most } clients seraient déplacés à la fois. Déplacez d'abord ceux d'en dessous, un revendeur à la fois.
refusal-no-such-staff = Personne de l'équipe ne s'appelle « { $typed } », ou plusieurs. Omettez le gestionnaire pour choisir dans une liste.
title-class = Passer { $client } en { $class }
title-manager = Confier { $client } à { $manager }
title-manager-none = Ne confier { $client } à personne
title-reseller = Déplacer { $client } chez { $reseller }
title-reseller-none = Déplacer { $client } vers la maison
title-referral = Noter que { $referral } a amené { $client }
title-referral-none = Noter que personne n'a amené { $client }
field-heir = Les clients vont à
field-moving = Clients qui suivent
field-open = Factures ouvertes
url-off = { $url } est coupée
taken-along = { $balance }, emportés
open-invoices = { $numbers } : { $due }, toujours dus à qui les a émises
open-invoices-more = { $numbers } et { $more } autres : { $due }, toujours dus à qui les a émises
draft-sides-told = Les gens du client sont prévenus, et ceux des autres concernés.
draft-manager-told = Les gens du client sont prévenus, et les deux gestionnaires aussi.
notice-class = { $client } est désormais { $class }
notice-manager = Le gestionnaire de { $client } a changé
notice-manager-now = C'est désormais { $manager }.
notice-reseller = { $client } a désormais un autre revendeur
notice-reseller-text = { $clients ->
        [0] Le solde a suivi. Les factures restent à qui les a émises.
        [one] Le solde et un client ont suivi. Les factures restent à qui les a émises.
       *[other] Le solde et { $clients } clients ont suivi. Les factures restent à qui les a émises.
    }
notice-referral = La personne qui a amené { $client } a été corrigée
notice-url-off = L'URL de livraison est coupée.
manager-title = Qui s'occupe de { $client } ?
manager-more = Il y a d'autres personnes : tapez la commande avec le nom.
button-nobody = Personne
command-class-set = Changer la classe d'un client : USER, RESELLER ou ADMIN
command-manager-set = Changer qui s'occupe d'un client
command-reseller-set = Déplacer un client chez un autre revendeur, avec tous ses clients
command-referral-set = Changer qui a amené un client
command-class = Ce que les clients peuvent faire
command-manager = Qui s'occupe des clients
command-reseller = À qui sont les clients
command-referral = Qui a amené les clients
option-class = USER, RESELLER ou ADMIN
option-heir = Le revendeur qui reprend les clients de celui qui ne l'est plus
option-manager = Quelqu'un de l'équipe, par son nom
option-reseller = Le revendeur, ou none pour la maison
option-referral = Le client qui a amené celui-ci, ou none
form-class-set = Changer la classe
form-manager-set = Changer le gestionnaire
form-reseller-set = Changer le revendeur
form-referral-set = Changer le parrain
hint-class = USER, RESELLER ou ADMIN
hint-heir = Seulement si un revendeur avec des clients ne l'est plus
hint-manager = Un nom, ou none
hint-reseller = Un identifiant, ou none pour la maison
hint-referral = Un identifiant, ou none
choice-user = USER

## Pages des clients

refusal-bad-detail = « { $typed } » ne convient pas ({ $option }). { $rule }
refusal-username-taken = « { $username } » est pris. Choisissez un autre identifiant.
refusal-too-many-tags = Un client a { $most } étiquettes au plus. Retirez-en d'abord une.
rule-fullname = Un nom a de 1 à 100 caractères sur une ligne.
rule-username = Un identifiant a de 3 à 32 caractères parmi a-z, 0-9, « . », « _ » et « - ».
rule-email = Écrivez-la comme ada@example.com.
rule-phone = Écrivez de 5 à 15 chiffres, avec + et espaces au besoin.
rule-price = Écrivez des chiffres avec six décimales au plus, par exemple 0.05.
title-new = Nouveau client { $client }
title-edit = Modifier { $client }
title-note = Note sur { $client }
title-tag = Étiqueter { $client } : { $tag }
title-untag = Retirer l'étiquette { $tag } de { $client }
field-fullname = Nom complet
field-tags = Étiquettes
field-tag = Étiquette
field-notes = Notes
field-twins = Même adresse ou numéro
field-part = Que changer
field-value = Nouvelle valeur
client-note-line = { $at }, { $author } : { $text }
draft-reseller-told = Les gens du revendeur sont prévenus.
notice-new = { $name } ({ $username }) est votre nouveau client
notice-edit = Les coordonnées de { $client } ont été modifiées
button-open-client-activate = Activer
button-open-credit-add = Ajouter des crédits
button-open-credit-request = Demander des crédits
button-open-credit-deduct = Déduire
button-open-credit-reverse = Reprendre
button-open-client-suspend = Suspendre
button-open-client-close = Fermer
button-open-client-edit = Modifier
button-open-client-note = Note
button-open-client-tag = Étiquette
button-open-class-set = Classe
button-open-manager-set = Gestionnaire
button-open-reseller-set = Revendeur
button-open-referral-set = Parrain
command-client-new = Créer un client : actif aussitôt
command-client-edit = Changer le nom, l'adresse, le numéro ou le prix d'un client
command-client-note = Noter quelque chose sur un client, pour votre côté
command-client-tag = Étiqueter un client, ou retirer l'étiquette
option-fullname = Le nom complet
option-username = De 3 à 32 caractères parmi a-z, 0-9, « . », « _ » et « - »
option-email = L'adresse électronique
option-phone = Le numéro de téléphone
option-part = Nom, adresse, numéro ou prix
option-value = La nouvelle valeur ; none la laisse vide
option-text = Ce qu'il faut noter
option-tag = Un mot ou deux
hint-fullname = Comme le client l'écrit
hint-username = a-z, 0-9, « . », « _ » et « - »
hint-email = Par exemple ada@example.com
hint-phone = Par exemple +33 1 23 45 67 89
hint-part = name, email, phone ou price
hint-value = none la laisse vide
hint-tag = Par exemple : paie tard
form-client-new = Nouveau client
form-client-edit = Modifier un client
form-client-note = Note sur un client
form-client-tag = Étiqueter un client
choice-name = Nom
choice-email = Adresse électronique
choice-phone = Téléphone
choice-price = Prix d'un crédit

## Listes et relevés

statement-title = Relevé de { $client }
statement-none = Rien n'a bougé pendant ce temps.
statement-narrow = Il y en a d'autres : indiquez un jour plus ancien pour continuer.
statement-line = { $amount }, solde { $balance }
another-reseller = un autre revendeur
list-none = Il n'y en a pas.
list-narrow = Il y en a d'autres : omettez des filtres, ou cherchez avec /client find.
list-unpaid = impayé { $amount }
posting-add = Ajout
posting-deduct = Déduction
posting-reversal = Reprise
posting-usage = Messages envoyés
posting-opening = Solde d'ouverture
rule-from = Écrivez un jour comme 2026-01-31.
rule-to = Écrivez un jour comme 2026-01-31.
button-open-client-statement = Relevé
field-from = Du
field-to = Au
field-what = Quoi
field-only = Seulement
command-client-list = Lister les utilisateurs ou les revendeurs, page par page
command-client-statement = Montrer ce qui a bougé sur le compte d'un client
option-from = Le premier jour, comme 2026-01-31
option-to = Le dernier jour, comme 2026-01-31
option-what = Ce qui doit être montré
option-only = Seulement ceux qui doivent, ou à qui il reste peu de crédits
hint-from = Comme 2026-01-31
hint-to = Comme 2026-01-31
hint-what = Un des choix
hint-only = unpaid ou low-balance
form-client-list = Lister les clients
form-client-statement = Relevé
choice-users = Utilisateurs
choice-resellers = Revendeurs
choice-low-balance = Avec moins de 100 crédits
choice-pending = En attente
choice-active = Actif
choice-suspended = Suspendu
choice-closed = Clos
## People who come and go

title-freeze = Geler tout changement
title-unfreeze = Laisser reprendre les changements
title-people-role = Donner à { $name } le rôle { $role }
title-people-remove = Retirer { $name }
field-frozen-by = Gelé par
field-requests = Demandes
field-approvals = Approbations
field-discord-roles = Rôles Discord
along-requests = { $count ->
        [one] Une demande ouverte de cette personne prend fin.
       *[other] { $count } demandes ouvertes de cette personne prennent fin.
    }
along-approvals = { $count ->
        [one] Une approbation de cette personne ne compte plus.
       *[other] { $count } approbations de cette personne ne comptent plus.
    }
draft-freeze = Personne ne peut rien changer avant le dégel par un autre admin ou sur la machine hôte. La lecture continue. L'équipe en est informée.
draft-unfreeze = Les changements reprennent aussitôt. L'équipe en est informée.
draft-people-role = Cela vaut aussitôt.
draft-people-remove = Tous les droits de cette personne prennent fin aussitôt ; comptes et passé restent enregistrés.
notice-frozen = { $by } a gelé tout changement
notice-frozen-text = La lecture continue. Utilisez /people unfreeze avec un autre admin, ou bursar people unfreeze sur la machine hôte.
notice-unfrozen = Les changements reprennent : { $by }
people-title = Personnes
people-which = Qui ?
people-since = depuis { $since }
root-code = { $role } par code
root-configuration = { $role } par la configuration
root-discord = { $role } par rôle Discord
refusal-frozen = { $by } a gelé tout changement. Utilisez /people unfreeze avec un autre admin, ou bursar people unfreeze sur la machine hôte.
refusal-person-not-found = Personne du nom de « { $query } » n'a de rôle ici. Voyez /people list.
refusal-last-admin = { $name } est le dernier admin nommé. Donnez d'abord ce rôle à quelqu'un d'autre.
refusal-named-in-configuration = La configuration nomme { $name } comme { $role }. Retirez ce nom de [roles] et relancez le bot.
refusal-held-by-discord = { $name } est { $role } par un rôle Discord. Retirez ce rôle dans Discord.
command-people-list = Montrer qui est là, et sur quoi repose chaque rôle
command-people-role = Donner un autre rôle à quelqu'un
command-people-remove = Mettre fin à tous les droits d'une personne
command-people-freeze = Geler tout changement aussitôt
command-people-unfreeze = Laisser reprendre les changements après un gel
option-person = Nom exact ; omettez-le pour choisir
form-people-role = Changer un rôle
form-people-remove = Retirer une personne
hint-person = Comme dans /people list
unfit-last-admin = c'est désormais le dernier admin nommé. Donnez d'abord ce rôle à quelqu'un d'autre.
button-open-invoice-create = Créer une facture
button-open-invoice-list = Factures

## Ce qu'une journée a apporté

day-title = Le { $day } au guichet
day-added = Crédits ajoutés
day-deducted = Crédits déduits
day-reversed = Crédits repris
day-invoices = Factures émises
day-invoiced = { $count } pour { $total }
day-decided = Demandes décidées
day-clients = Nouveaux clients
day-head = Tête du journal d'audit
day-keep = Pour vérifier que rien n'a changé avant cette tête : bursar audit --head TÊTE

## Reprise des clients

import-too-large = Le fichier dépasse { $most } Mo. Découpez-le et reprenez les parties l’une après l’autre.
import-empty = Il n’y a aucun client dans ce fichier : il faut un en-tête et des lignes en dessous.
import-not-utf8 = La ligne { $line } contient un caractère qui n’est pas en UTF-8. Enregistrez le fichier en CSV UTF-8 et renvoyez-le.
import-no-column = Il n’y a pas de colonne pour { $field }. Donnez ce nom à l’une d’elles et renvoyez le fichier.
import-two-columns = Deux colonnes portent le même nom pour { $field }. Retirez-en une et renvoyez le fichier.
import-bad-cells = La ligne a { $found } cellules et l’en-tête { $expected }. Mettez entre guillemets le texte qui contient le séparateur.
import-bad-missing = Cette cellule ne peut pas être vide.
import-bad-too-long = Il peut y avoir { $max } caractères au plus.
import-bad-unprintable = Elle contient un caractère de contrôle.
import-bad-username = Un identifiant n’a pas d’espaces.
import-bad-email = Ce n’est pas une adresse e-mail.
import-bad-phone = Ce n’est pas un numéro de téléphone.
import-bad-class = La classe est USER, RESELLER ou ADMIN.
import-bad-status = Le statut est pending, active, suspended ou closed.
import-bad-moment = Ce n’est pas une date. Écrivez-la ainsi : 2024-03-01.
import-bad-amount = Ce n’est pas un montant. Écrivez de simples chiffres, par exemple 1200.5.
import-bad-decimals = Il y a trop de décimales.
import-bad-too-small = C’est trop petit.
import-bad-too-big = C’est plus grand que tout montant possible.
import-bad-twice = Cela figure déjà à la ligne { $line }.
import-bad-taken = Le client { $username } l’a déjà.
import-bad-same-client = La ligne { $line } désigne le même client.
import-bad-unknown = Il n’y a pas de tel client, ni dans le fichier ni ici.
import-bad-above = Ce client est à la ligne { $line }, qui ne peut pas être reprise elle-même.
import-bad-reseller = Ce client n’est pas de classe RESELLER.
import-bad-circle = Cela ramène en cercle au client lui-même.
import-bad-no-manager = Personne dans l’équipe ne porte ce nom. Invitez d’abord la personne, ou retirez la colonne.
import-bad-several-managers = Plusieurs personnes de l’équipe portent ce nom.
import-bad-closed-balance = Un client clôturé n’a pas de solde.
import-bad-class-stays = Ce client est ici de classe { $class }. Changez la classe par sa propre commande.
import-bad-reseller-stays = Ce client dépend ici d’un autre revendeur. Déplacez-le par sa propre commande.
import-bad-status-stays = Ce client est ici { $status }. Clôturer et rouvrir ont leurs propres commandes.
import-bad-admin-class = Seul l’hôte peut reprendre des clients de classe ADMIN.
import-note-opening = Laissé tel quel : { $amount } avaient déjà été repris, et rien de plus n’est porté au compte.
import-note-moved = Laissé tel quel : du crédit de ce client a déjà bougé ici, et rien n’est ajouté.

## Export

export-title = Export
export-rows = { $rows ->
        [0] Il ne contient que l’en-tête.
        [one] Une ligne, sous un en-tête.
       *[other] { $rows } lignes, sous un en-tête.
    }
refusal-export-too-large = Cela dépasse { $megabytes } Mo. Indiquez un client, ou faites lancer « bursar export » sur l’hôte : il n’a pas de limite.
command-export = Remettre clients, relevé, factures ou journal d’audit en CSV
form-export = Exporter
choice-clients = Clients avec leurs soldes
choice-statement = Relevé d’un client
choice-invoices = Factures, d’un client ou de tous
choice-audit = Journal d’audit
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
report-between = Solde en crédits, du { $first } au { $last } (UTC)
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

## The audit log

command-audit = Voir qui a fait quoi
command-audit-log = Montrer qui a fait quoi et quand, le plus récent d’abord
form-audit-log = Journal d’audit
option-who = Nom exact de la personne qui a agi ou dont il s’agit
field-who = Qui
hint-who = Nom exact ; vide pour tout le monde
option-family = Seulement ce qui s’y rapporte
field-family = Sujet
hint-family = Vide pour tout
choice-credit = Crédit
choice-client = Clients
choice-message = Messages
choice-people = Personnes
choice-import = Importations
trail-title = Journal d’audit
trail-none = Rien de tel n’a encore été fait. Demandez avec moins de mots.
trail-narrow = Il y en a plus qu’un bouton ne peut porter : demandez avec un mot de moins.
trail-host = sur l’hôte
trail-time = le temps
trail-asked = Demandé : { $what }
trail-done = Fait : { $what }
trail-rejected = Rejeté : { $what }
trail-expired = Délai écoulé : { $what }
trail-cancelled = Abandonné : { $what }
trail-unfit = Ne convenait plus : { $what }
trail-approved = Approuvé : { $what }
trail-voted-against = Voté contre : { $what }
trail-imported = Importé : { $client }
trail-updated = Changé par une importation : { $client }
trail-linked = Compte de { $name } relié
trail-invited = Code d’invitation créé
trail-unfrozen = Les changements reprennent
trail-import-begun = Début de l’importation de { $file }
trail-import-finished = Fin de l’importation de { $file }
refusal-nobody-of-that-name = Personne ne s’appelle « { $query } ». Donnez le nom entier tel que le journal le montre, ou omettez-le.

## Moving in, in chat

command-import = Importer des clients
command-import-clients = Importer les clients d’un fichier CSV
form-import-clients = Importer des clients
option-file = CSV en UTF-8 avec un en-tête, 20 Mo au plus
field-file = Fichier
hint-file = CSV en UTF-8 avec un en-tête, 20 Mo au plus
option-existing = Ce qui est fait des clients déjà présents ; laissés tels quels si rien n’est dit
field-existing = Clients déjà présents
hint-existing = Laissés tels quels si rien n’est dit
choice-leave = Restent tels quels
choice-update = Deviennent ce que dit le fichier
title-import = Importer les clients de { $file }
field-progress = Avancement
field-tally = Clients
field-rows = Lignes
field-understood = Colonnes comprises
field-aside = Colonnes laissées de côté
import-progress = { $done } étapes sur { $steps }
import-column = { $header } pour { $field }
import-new = nouveaux : { $count }
import-updated = modifiés : { $count }
import-unchanged = inchangés : { $count }
import-kept = laissés tels quels : { $count }
import-bad = erronés : { $count }
import-opened = soldes d’ouverture : { $count }
import-opening = soldes d’ouverture au total : { $credits }
import-follows = Ce message dira où on en est.
import-rest-out = Les lignes erronées restent dehors ; le rapport dit ce qui ne va pas.
import-under-way = L’importation est en cours. Inutile d’attendre : elle continue d’elle-même.
import-frozen = Elle est arrêtée car tout changement est bloqué ; elle continue d’elle-même après /people unfreeze.
import-over = Toutes les lignes sont importées.
import-over-bad = Toutes les lignes sont importées sauf les erronées. Corrigez-les et renvoyez le fichier : les autres ne le seront pas deux fois.
import-idle = Il ne reste rien à faire : tout est déjà là.
import-idle-bad = Rien ne peut être importé : corrigez les lignes du rapport et renvoyez le fichier.
button-import = Importer
button-import-rest = Importer sans les lignes erronées
## Default messages

command-message = Messages que les clients reçoivent
command-message-edit = Voir un message par défaut et changer son texte
command-message-history = Montrer les versions d'un message par défaut, de qui et de quand
command-message-restore = Remettre une version antérieure d'un message par défaut
option-message = Quel message
option-subject = Le nouvel objet, sur une ligne
option-body = Le nouveau texte ; de plusieurs lignes dans une fenêtre ou une conversation
option-version = Le numéro de la version à remettre
field-message = Message
field-subject = Objet
field-body = Texte du message
field-version = Version
hint-message = Un des choix
hint-subject = Une ligne ; vide : il reste tel quel
hint-body = Champs comme {"{{"} name {"}}"} ; vide : il reste tel quel
hint-version = Son numéro ; 0 est le texte fourni avec le programme
form-message-edit = Changer un message
form-message-history = Versions d'un message
form-message-restore = Remettre une version
choice-welcome = Inscription d'un nouveau client
choice-credit-added = Crédit ajouté
choice-credit-deducted = Crédit déduit
choice-password-link = Lien de mot de passe
choice-invoice = Facture
choice-reminder = Rappel d'une facture impayée
choice-low-credit = Solde faible
messages-title = Messages par défaut
messages-which = Lequel voulez-vous voir ?
message-title = { $message } ({ $language })
message-own = Version { $version }, de { $by }, { $at }.
message-built-in = Le texte fourni avec le programme.
message-from = Rien n'a été écrit dans cette langue : le texte en { $language } est envoyé.
field-placeholders = Champs
field-body-before = Texte jusqu'ici
field-shown = Comme { $client } le reçoit
button-edit-message = Changer le texte
button-history = Versions
button-in-language = En { $language }
button-all-messages = Tous les messages
button-restore = Remettre la version { $version }
button-restore-built-in = Remettre le texte du programme
question-present = Jusqu'ici
history-title = Versions : { $message } ({ $language })
history-none = Rien n'a encore été changé : le texte fourni avec le programme est envoyé.
history-version = Version { $version }
history-by = { $by }, { $at }
history-built-in = { $by }, { $at } : le texte fourni avec le programme
history-which = Quelle version remettre ?
title-message-edit = Changer le message « { $message } » ({ $language })
title-message-restore = Remettre la version { $version } du message « { $message } » ({ $language })
title-message-built-in = Remettre le texte du programme pour le message « { $message } » ({ $language })
draft-message = Les clients recevront ce texte dès lors.
draft-message-unsent = Ce texte vaut dès lors. Aucun courriel ne part tant que la configuration n'en nomme pas le moyen.
sample-name = Ada Lovelace
sample-username = ada
sample-number = INV-000042
sample-reason = saisi deux fois
refusal-placeholder = Ce message n'a pas de champ { $names }. Il a : { $known }.
refusal-placeholder-meant = Ce message n'a pas de champ { $names }. Vouliez-vous dire { $meant } ? Il a : { $known }.
refusal-loose-braces = Dans { $option }, un champ n'est pas fermé ou pas ouvert. Écrivez-le comme { $example }.
refusal-lines = Un objet tient sur une ligne. Écrivez-le sans saut de ligne.
refusal-version-not-found = Il n'y a pas de version « { $typed } » de ce message. /message_history montre celles qui existent.

## What clients are sent

mail-welcome-subject = Bienvenue chez { $business }
mail-welcome-body =
    Bonjour { $name },

    votre compte { $username } chez { $business } est actif.

    { $business }
mail-credit-added-subject = { $amount } ajoutés
mail-credit-added-body =
    Bonjour { $name },

    { $amount } ont été ajoutés à votre compte. Votre solde est maintenant de { $balance }.

    Facture : { $number }
    Total : { $total }

    { $business }
mail-credit-deducted-subject = { $amount } déduits
mail-credit-deducted-body =
    Bonjour { $name },

    { $amount } ont été déduits de votre compte { $username }. Votre solde est maintenant de { $balance }.

    Raison : { $reason }

    { $business }
mail-password-link-subject = Votre mot de passe chez { $business }
mail-password-link-body =
    Bonjour { $name },

    choisissez le mot de passe de votre compte { $username } ici : { $link }

    Le lien sert une fois, dans les { $minutes } minutes. Si vous ne l'avez pas demandé, ne faites rien.

    { $business }
mail-invoice-subject = Facture { $number }
mail-invoice-body =
    Bonjour { $name },

    la facture { $number } de { $total } a été émise pour votre compte { $username }. Merci de la payer avant le { $due }.

    { $business }
mail-reminder-subject = La facture { $number } est impayée
mail-reminder-body =
    Bonjour { $name },

    { $total } de la facture { $number } ne sont pas encore payés. Échéance : { $due }. Si vous avez payé entre-temps, ne faites rien.

    { $business }
mail-low-credit-subject = Il reste { $balance }
mail-low-credit-body =
    Bonjour { $name },

    votre compte { $username } a encore { $balance }.

    { $business }

## Clients qui attendent leur activation

sign-ups = { $count ->
    [one] Un client attend son activation
   *[other] { $count } clients attendent leur activation
}
sign-ups-many = De nombreux clients attendent leur activation
sign-ups-more = Voici les premiers. Tous se trouvent par /client list avec le statut pending.
