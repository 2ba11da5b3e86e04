# The sentences of Bursar in English. One sentence says what happened, the next what to do.

## Words

language-name = English
language-followed = { $name }, as in the messenger
number-group = ,
number-point = .
none = –
credits = { $count ->
        [one] { $amount } credit
       *[other] { $amount } credits
    }
money = { $amount } { $currency }
percent = { $rate } %
month = { $month ->
        [1] Jan
        [2] Feb
        [3] Mar
        [4] Apr
        [5] May
        [6] Jun
        [7] Jul
        [8] Aug
        [9] Sep
        [10] Oct
        [11] Nov
       *[12] Dec
    }
day = { $day } { $month }
date = { $day } { $month } { $year }
moment = { $day } { $month } { $year }, { $hour }:{ $minute } UTC
change = { $before } → { $after }

## Buttons

button-ask-credit = Ask for credit
button-add-account = Add another account
button-refresh = Refresh
button-activate = Activate { $name }
button-view = View { $name }
button-choose = Choose { $name }
button-next = Next page
button-first = First page
button-skip = Skip
button-cancel = Cancel
button-confirm = Confirm
button-withdraw = Withdraw
button-withdraw-one = Withdraw { $name }
button-approve = Approve
button-approve-one = Approve { $name }
button-reject = Reject
button-reject-one = Reject { $name }
button-ask-again = Ask again
button-fill-in = Fill in
button-try-again = Try again

## Fields of cards

field-username = Username
field-class = Class
field-status = Status
field-balance = Balance
field-unpaid = Unpaid
field-price = Price of one credit
field-manager = Manager
field-reseller = Reseller
field-referral = Referral
field-email = Email
field-phone = Phone
field-delivery-url = API delivery URL
field-active = Last activity
field-since = Client since
field-client = Client
field-amount = Amount
field-mode = Mode
field-invoice = Invoice
field-payer = Credits come from
field-note = Note
field-reference = Payment reference
field-asked-by = Asked by
field-approved-by = Approved by
field-expires = Waits until
field-person = Person
field-role = Role
field-account = Account
field-code = Code
field-link = Link

## Clients

client-footer = Client #{ $id }
find-title = Clients found for “{ $query }”
find-none-title = Nobody found
find-none = No client's name, username, email or phone begins with “{ $query }”. Try fewer letters.
find-none-yet = So many names begin with these words that not all were looked at. Type more letters.
find-narrow = There are more: type more letters.
find-which = Which “{ $query }”?

## Requests

title-credit-add = Add { $amount } to { $client }
title-credit-request = { $client } asks for { $amount }
title-invite = Invite { $name } as { $role }
request-footer = Request #{ $id }
invoice-for = { $total } ({ $price } a credit)
invoice-for-taxed = { $total } ({ $price } a credit, tax { $tax } included)
invoice-zero = { $total }
invoice-issued = { $number } for { $total }
payer-house = { $business }
payer-reseller = { $name }: { $before } → { $after }
draft-direct = Your confirmation is enough.
draft-solo = You are the only admin: your confirmation stands for the second one, and the staff channel is told.
draft-needs = { $needed ->
        [one] Somebody else must approve it.
       *[other] { $needed } others must approve it.
    }
draft-prepaid = An invoice is issued, and the client's people are told. The credits land when it is paid.
draft-told = An invoice is issued, and the client's people are told.
state-draft = Nothing has happened yet. This is what will:
state-pending = { $needed ->
        [one] Waits for an approval.
       *[other] Waits for { $needed } approvals.
    }
state-partly = { $given } of { $needed } approvals are given.
state-done = Done by { $by }.
state-approved = Approved by { $by } and done.
state-undone = Done, and undone by { $request }.
state-rejected = Rejected by { $by }: { $reason }
state-expired = Its time ran out; nothing was changed.
state-cancelled = Cancelled by { $by }; nothing was changed.
state-unfit = Not done: { $why }
approvals-title = Waiting for approval
approvals-none = Nothing waits for approval.
approvals-line = asked by { $name }, waits until { $until }

## Notices

notice-outcome = Your request: { $title }
notice-credited = { $amount } were added to your account
notice-credited-text = Your balance is { $balance }. Invoice: { $invoice }.
notice-credited-prepaid = { $amount } are ready for you as soon as invoice { $invoice } is paid.
notice-prepaid-title = An invoice for you
notice-solo = { $name } is the only admin and decided this alone.

## People

linked-title = Linked
linked = You are { $name }, { $role }. Type /help to see what you can do.
linked-added = This account belongs to { $name } now. Type /help to see what you can do.
account-title = Add another account
account-text = In the other messenger, open the link (Telegram) or type /link and the code. It works once, for 15 minutes.
code-now = Give this to the new person: the link for Telegram, or /link and the code in Discord. It works once, for 24 hours, and is shown only here.
code-later = Keep this for the new person; it works once the invitation is approved, for 24 hours, and is shown only here.

## Help

help-title = What { $business } can do for you here
help-text = Leave anything out and you are asked for it.
help-unlinked = You are not linked yet. Ask an admin for a one-time code, then type /link and the code.

## Questions

question-ask = { $label }?
question-way-out = Send /cancel to stop.
question-cancelled-title = Stopped
question-cancelled = Nothing was changed.

## Refusals

title-refused = Not done
refusal-not-linked = I don't know this account yet. Ask an admin for a one-time code, then type /link and the code.
refusal-not-allowed = Your role does not include this. An admin can do it, or give you another role.
refusal-no-rights-here = Messages here carry no rights. Use the business's Discord server, or a private chat with me on Telegram.
refusal-unknown-command = I don't know “{ $typed }”. Type /help to see what you can do.
refusal-unknown-command-meant = I don't know “{ $typed }”. Did you mean /{ $meant }? Type /help to see everything.
refusal-unknown-button = This button is from an older message. Start again with the command.
refusal-no-open-question = I am not waiting for an answer here. Type /help to see what you can do.
refusal-client-gone = There is no such client. Search with /client find.
refusal-client-not-found = There is no client “{ $query }”. Search with the first letters: /client find.
refusal-client-ambiguous = Several clients fit “{ $query }”. Type more of the name, or the username.
refusal-amount-not-a-number = “{ $typed }” is not an amount. Write plain digits, for example { $example }.
refusal-amount-decimals = { $decimals ->
        [0] “{ $typed }” has decimals, and credits have none. Write for example 500.
        [one] “{ $typed }” has too many decimals: a credit has one.
       *[other] “{ $typed }” has too many decimals: a credit has { $decimals }.
    }
refusal-amount-too-small = The least amount is { $least }.
refusal-amount-too-large = The largest amount is { $most }. Add more in several steps.
refusal-choice = “{ $typed }” is none of the choices for { $option }: { $choices }.
refusal-too-long = { $option } may have { $max } characters at most. Shorten it and send it again.
refusal-missing = { $option } is missing. Start again and fill it in.
refusal-leftover = I don't know what to do with “{ $typed }”. Type /help to see what the command takes.
refusal-client-status = { $client } is { $status }. Credit can be added to active clients only.
refusal-own-status = Your own account is { $status }, so you cannot give credit. Ask the staff.
refusal-own-class = Your own account is no reseller any more. Ask the staff to change its class back, or to take your access away.
refusal-own-account = This is your own account. Use /credit request to ask for credit.
refusal-not-enough-credit = Your balance is { $balance }, less than { $amount }. Use /credit request to ask for more.
refusal-reason-required = A gift needs a reason. Fill in the note.
refusal-too-dear = The invoice would be too large. Add less at once.
refusal-request-not-found = There is no such request. See what waits with /approval list.
refusal-not-yours = Only the person who asked for this can press here. Start your own with the command.
refusal-changed = This is not what is stored any more. Start again with the command.
refusal-over-applied = This was already done; { $by } decided. Nothing more is needed.
refusal-over-rejected = This was already rejected by { $by }. The person who asked can ask again.
refusal-over-expired = The time of this request ran out, and nothing was changed. The person who asked can ask again.
refusal-over-cancelled = { $by } gave this request up. Nothing more is needed.
refusal-over-unfit = This request did not fit any more and was not applied. The person who asked can ask again.
refusal-not-confirmed = The person who asked has not confirmed this yet.
refusal-requester = You asked for this yourself. Somebody else has to decide.
refusal-beneficiary = This is for your own account. Somebody else has to decide.
refusal-not-approver = Your role does not decide about this. An admin or finance person can.
refusal-already-voted = { $missing ->
        [one] You have approved this already. One more person has to.
       *[other] You have approved this already. { $missing } more people have to.
    }
refusal-role-unconfirmed = I cannot confirm in Discord just now that whoever asked or approved still has the role. Press again in a minute.
refusal-not-askable = This request is still open or was applied. See /approval list.
refusal-bad-code = This code is not valid: it was used, is too old, or was not approved yet. Ask an admin for a new one.
refusal-already-linked = This account belongs to somebody already. An admin can remove it there first.
refusal-needs-reseller = A { $role } is tied to one client of class RESELLER. Name that client.
refusal-only-in-private = Everybody here would read the code. Do this in a private chat with me.
refusal-needs-no-client = Only a reseller's invitation names a client. Leave the client out.
refusal-too-fast = That was too much at once; the last of it was not taken. Wait a moment, then send it again.

## Faults

title-fault = Something broke
fault-database = The database cannot be reached. Nothing was changed; try again in a minute. Reference { $reference }.
fault-timeout = The answer did not come in time. It may still be carried out: look before you ask again. Reference { $reference }.
fault-messenger = Another service cannot be reached. Try again in a minute. Reference { $reference }.
fault-internal = That did not work. Nothing was changed; tell whoever runs this bot the reference { $reference }.

## Commands

command-client-find = Find clients by the first letters of a name, username, email or phone
command-client-view = Show a client's card
command-credit-add = Add credit to a client, with its invoice
command-credit-request = Ask for credit for your own account
command-approval-list = Show the requests that wait for approval
command-people-invite = Invite a person with a one-time code
command-link = Link this account with your one-time code
command-me = Show who you are here, and choose your language
command-help = Show what you can do
option-language = Which language
form-me = Your language
field-language = Language
hint-language = Which language
choice-messenger = As in the messenger
command-client = Find, make and change clients
command-credit = Add credit, take it back, ask for it
command-approval = Requests that wait for approval
command-people = Who works with this bot

## Options

option-client = First letters of the name, or username, email, phone
option-amount = How many credits, in plain digits
option-mode = How it is paid for
option-note = Reason or remark; a gift needs one
option-reference = Reference of your payment
option-role = What the person may do
option-name = The person's name
option-code = The one-time code that you were given

## Forms

form-client-find = Find clients
form-client-view = View a client
form-credit-add = Add credit
form-credit-request = Ask for credit
form-approval-reject = Reject
form-people-invite = Invite a person
form-link = Link this account
field-name = Name
field-request = Request
field-reason = Reason
hint-client = First letters, username, email or phone
hint-amount = Plain digits, for example 500
hint-mode = on account, prepaid or gift; empty: on account
hint-note = A gift needs a reason
hint-reference = For example the number of your transfer
hint-role = support, finance, admin, auditor or reseller
hint-name = As colleagues know the person
hint-code = 26 letters and digits
hint-reason = Those whom it concerns will read it

## Choices

choice-on-account = On account: credit now, invoice unpaid
choice-prepaid = Prepaid: credit when the invoice is paid
choice-gift = Gift: no charge
choice-support = Support
choice-finance = Finance
choice-admin = Admin
choice-auditor = Auditor
choice-reseller = Reseller

## Status

status-pending = pending
status-active = active
status-suspended = suspended
status-closed = closed

## Why a request stopped fitting

unfit-client-not-active = the client is not active any more. Activate the client, then ask again.
unfit-requester-lost-role = the person who asked may not ask for this any more.
unfit-not-enough-credit = the balance does not suffice any more. Ask for less, or ask for credit first.
unfit-price-changed = the price changed since it was shown. Ask again to see the new one.
unfit-payer-not-active = the account that would give the credit is not active any more.

## Moving in

import-too-large = The file has more than { $most } MB. Cut it in parts and move them in one after the other.
import-empty = There is no client in this file: it needs a header and rows under it.
import-not-utf8 = Line { $line } has a character that is not UTF-8. Save the file as CSV in UTF-8 and send it again.
import-no-column = There is no column for { $field }. Name one of them so and send the file again.
import-two-columns = Two columns have the same name for { $field }. Take one of them out and send the file again.
import-bad-cells = The row has { $found } cells and the header { $expected }. Put text with the delimiter in it between quotes.
import-bad-missing = This must not be empty.
import-bad-too-long = There may be { $max } characters at most.
import-bad-unprintable = There is a control character in it.
import-bad-username = A username has no spaces.
import-bad-email = This is not an email address.
import-bad-phone = This is not a phone number.
import-bad-class = The class is USER, RESELLER or ADMIN.
import-bad-status = The status is pending, active, suspended or closed.
import-bad-moment = This is not a day. Write it as 2024-03-01.
import-bad-amount = This is not an amount. Write plain digits, for example 1200.5.
import-bad-decimals = There are too many decimals.
import-bad-too-small = This is too small.
import-bad-too-big = This is larger than any amount can be.
import-bad-twice = This stands on line { $line } already.
import-bad-taken = The client { $username } has this.
import-bad-same-client = Line { $line } is the same client.
import-bad-unknown = There is no such client, in the file or here.
import-bad-above = That client is on line { $line }, which cannot be moved in itself.
import-bad-reseller = That client is not a RESELLER.
import-bad-circle = This leads in a circle back to the client itself.
import-bad-no-manager = Nobody on the staff has this name. Invite the person first, or take the column out.
import-bad-several-managers = Several people on the staff have this name.
import-bad-closed-balance = A closed client has no balance.
import-bad-class-stays = This client is here as { $class }. Change the class with its own command.
import-bad-reseller-stays = This client is here under another reseller. Move it with its own command.
import-bad-status-stays = This client is { $status } here. Closing and opening again have their own commands.
import-bad-admin-class = Only the host can move in clients of class ADMIN.
import-note-opening = Left as it is: { $amount } was brought along before, and nothing more is posted.
import-note-moved = Left as it is: credit of this client has moved here already, and nothing is posted on top.

## Taking back

button-undo = Undo
button-take-back = Take back { $amount }
field-returns-to = Credits return to
field-taken-back = Taken back
field-spent = Spent already
field-credit-note = Credit note
field-limit = Overdraft limit
share = { $amount } to { $to }
part-of = { $part } of { $whole }
title-credit-deduct = Deduct { $amount } from { $client }
title-credit-reverse = Take back { $amount } of { $client }
title-credit-limit = Let { $client } go below zero by { $limit }
title-client-activate = Activate { $client }
title-client-suspend = Suspend { $client }
title-client-close = Close { $client }
draft-client-told = The client's people are told.
draft-unusual = This is more than 25 times what this client is usually added, so one more approval is needed.
draft-voids = Its unpaid invoice is voided, and the client's people are told.
draft-notes = A credit note over { $total } is issued, and the client's people are told.
notice-reminder = Still waiting: { $title }
notice-deducted = { $amount } were deducted from your account
notice-deducted-text = Your balance is { $balance }. Reason: { $reason }
notice-returned = { $amount } came back to your account
notice-limit = Your overdraft limit is { $limit } now
notice-limit-text = Your balance is { $balance }.
notice-status = Your account is { $status } now
reverse-title = Take back from { $client }
reverse-none = There is nothing that could be taken back.
posting-added = { $amount } added
posting-deducted = { $amount } deducted
refusal-balance-too-low = { $client } has { $available } that can be taken, less than { $amount }. Deduct less.
refusal-not-given-by-you = You gave this client { $given } that you have not taken back, less than { $amount }. Deduct less, or ask the staff.
refusal-uncorrectable = { $client } is { $status }, so its credit cannot be corrected. Activate the client first.
refusal-posting-not-found = There is no such movement to take back. Pick one with /credit reverse.
refusal-already-reversed = This was taken back before, and is taken back only once. Use /credit deduct for the rest.
refusal-more-than-original = Only { $original } were moved. Take back that much at most.
refusal-spent = { $spent } of it are spent; { $left } can be taken back. Ask for that much at most.
refusal-below-limit = The balance is { $balance } already, below that limit. Add credit first, or set a higher limit.
refusal-nothing-changes = It is like that already; nothing was changed.
refusal-not-closeable = An account is closed with balance 0 and nothing unpaid. The balance is { $balance }, unpaid is { $unpaid }. Settle that first.
refusal-too-late-to-undo = It is too late to undo this here. Use the command for it, such as /credit reverse.
refusal-bad-price = “{ $typed }” is not a price. Write plain digits with up to six decimals, for example 0.05.
command-credit-deduct = Deduct credit from a client
command-credit-reverse = Take back what was added or deducted before
command-credit-limit = Let a client's balance go below zero so far
command-client-activate = Activate a client: it can send and log in
command-client-suspend = Suspend a client: no sending, no login
command-client-close = Close an account with balance 0 and nothing unpaid
option-price = Price of one credit, in place of the client's
option-posting = Which movement; leave it out to pick from the recent ones
option-reason = Why; the client reads it
option-limit = How far below zero, in plain digits; 0 takes it away
form-credit-deduct = Deduct credit
form-credit-reverse = Take back
form-credit-limit = Overdraft limit
form-client-activate = Activate a client
form-client-suspend = Suspend a client
form-client-close = Close a client
field-posting = Movement
hint-price = For example 0.05; empty: the client's price
hint-posting = As it was shown
hint-limit = Plain digits; 0 for none
unfit-changed = what it is about has changed since it was shown. Ask again to see how it stands.
## Files

refusal-file-needed = { $option } is a file. Send it as a document.
refusal-file-is-picture = { $option } came as a picture. Send it again as a document.
refusal-file-to-attach = This needs a file, and a window cannot take one. Type /{ $command } and attach the file as “{ $option }”.
refusal-file-too-large = The file is too large; at most { $megabytes } MB are taken. Split it and send the parts one by one.
refusal-file-gone = The file is not there any more. Send it again.
question-file = Send the file as a document.

## Invoices

button-add-line = Add a line
button-paid = Mark paid
button-void = Void
button-credit-note = Credit note
button-unpay = Unpay
button-client = Client
field-lines = Lines
field-net = Net
field-tax = Tax
field-total = Total
field-due = Due
field-released = Credit that lands
field-left = Left to pay
field-credit = Credit
field-issued = Issued
field-paid = Paid
title-invoice-create = Invoice over { $total } to { $client }
title-invoice-paid = { $number } is paid
title-invoice-unpay = { $number } is not paid after all
title-invoice-void = Void { $number }
title-invoice-credit = Credit note over { $total } on { $number }
title-invoice-tax = Tax rate of { $client }
tax-at = { $tax } ({ $rate })
tax-business = { $rate }, the business's
due-days = { $days ->
    [0] at once
    [one] in { $days } day
   *[other] in { $days } days
}
due-on = due { $moment }
due-over = { $moment }: overdue
invoice-line = { $text }: { $quantity } × { $price } = { $net }
invoice-title = Invoice { $number }
invoices-title = Invoices
invoices-none = There is no such invoice.
invoices-line = { $number } · { $total }
note-line = { $number } over { $total }: { $reason }
credit-at = { $credits } at { $price }
paid-by = { $moment }, { $reference }
draft-releases = The credit lands at once, and the client's people are told.
notice-invoice = You have a new invoice: { $number }
notice-invoice-text = It asks for { $total }, due { $due }.
notice-paid = Invoice { $number } is paid, thank you
notice-paid-text = { $credits } were added. Your balance is { $balance }.
notice-unpaid = Invoice { $number } is unpaid again
notice-unpaid-text = The payment was taken back. To be paid: { $total }.
notice-voided = Invoice { $number } is voided: nothing is to be paid
notice-noted = A credit note takes { $total } off invoice { $number }
notice-still-unpaid = Invoice { $number } is not paid yet
notice-still-unpaid-text = { $client } is to pay { $total }. Due: { $due }
refusal-invoice-not-found = There is no invoice “{ $typed }”. See what there is with /invoice list.
refusal-invoice-paid = { $number } is paid. Use /invoice unpay first, if that was wrong.
refusal-invoice-unpaid = { $number } is not paid. Record its payment with /invoice paid.
refusal-invoice-voided = { $number } is voided; nothing is owed on it. Create another one with /invoice create.
refusal-invoice-covered = Credit notes cover all of { $number }; there is nothing left to pay.
refusal-reference-used = “{ $reference }” is the payment of { $number } already. Give the reference of this payment.
refusal-nothing-was-paid = { $number } asks for nothing, so no payment can be taken back.
refusal-credit-landed = The credit of { $number } has landed. Take it back in full with /credit reverse first.
refusal-invoice-credited = { $number } has credit notes, so it cannot be voided. Take off the rest with /invoice credit.
refusal-void-by-reverse = { $number } is for credit that was added. Take the credit back with /credit reverse; that voids it.
refusal-more-than-left = A credit note on { $number } takes off something, and at most { $left }, which is what is left of it.
refusal-too-many-lines = An invoice has at most { $most } lines. Create another one for the rest.
refusal-bad-line = “{ $typed }” is no line. Write text; quantity; unit price, for example Setup; 1; 50. Put | between lines.
refusal-bad-money = “{ $typed }” is not an amount of money. Write plain digits, for example 12.50.
refusal-bad-days = “{ $typed }” is not a number of days. Write digits from 0 to 365.
refusal-bad-rate = “{ $typed }” is not a tax rate. Write percent with up to two decimals, for example 19.6, or business.
command-invoice = Create, view and settle invoices
command-invoice-create = Create an invoice with lines for a client
command-invoice-list = List invoices, perhaps of one client or status
command-invoice-view = View an invoice and what can be done with it
command-invoice-paid = Record the payment of an invoice; prepaid credit lands
command-invoice-unpay = Take the payment of an invoice back
command-invoice-void = Void an unpaid invoice
command-invoice-credit = Take money off an invoice by a credit note
command-invoice-tax = Give a client a tax rate of its own
form-invoice-create = New invoice
form-invoice-line = Add a line
form-invoice-list = Invoices
form-invoice-view = Invoice
form-invoice-paid = Record a payment
form-invoice-unpay = Take a payment back
form-invoice-void = Void an invoice
form-invoice-credit = Credit note
form-invoice-tax = Tax rate
option-invoice = Its number; leave it out to pick one
option-lines = text; quantity; unit price, with | between lines
option-due = In how many days it is due
option-status = Only those that stand there
option-money = How much to take off, tax included
option-rate = Percent, or business for the business's own
field-draft = Draft
field-text = Text
field-quantity = Quantity
field-each = Unit price
field-money = Amount, tax included
field-rate = Tax rate
hint-invoice = For example INV-000042
hint-lines = Setup; 1; 50 | Numbers; 2; 9.90
hint-due = Days; empty: as usual
hint-status = Leave it out for all
hint-draft = As it was shown
hint-text = What it is for
hint-quantity = For example 2 or 2.5
hint-each = Before tax, for example 9.90
hint-money = Plain digits, for example 12.50
hint-rate = For example 19.6, or business
choice-unpaid = unpaid
choice-overdue = overdue
choice-paid = paid
choice-voided = voided

## Accounts

refusal-own-client = This is your own account. Somebody else has to change it.
refusal-unchangeable = { $client } is { $status }, so nothing else can be changed. See /client view for what can be done.
refusal-no-such-other = “{ $query }” does not name one client ({ $option }). Type the username, or pick from what is offered.
refusal-no-reseller = { $client } is no active reseller. Name an active client of class RESELLER.
refusal-circle = { $client } comes from this very client, so that would be a circle. Name somebody else.
refusal-has-clients = { $clients ->
        [one] This reseller has a client.
       *[other] This reseller has { $clients } clients.
    } Name the reseller who takes over (heir).
refusal-too-many-move = More than { $most } clients would move at once. Move those below first, one reseller at a time.
refusal-no-such-staff = Nobody on the staff is called “{ $typed }”, or several are. Leave the manager out to pick from a list.
title-class = Make { $client } a { $class }
title-manager = Let { $manager } look after { $client }
title-manager-none = Let nobody look after { $client }
title-reseller = Move { $client } to { $reseller }
title-reseller-none = Move { $client } to the house
title-referral = Note that { $referral } brought { $client }
title-referral-none = Note that nobody brought { $client }
field-heir = Clients go to
field-moving = Clients moving along
field-open = Open invoices
url-off = { $url } is switched off
taken-along = { $balance }, taken along
open-invoices = { $numbers }: { $due }, still owed to whoever issued them
open-invoices-more = { $numbers } and { $more } more: { $due }, still owed to whoever issued them
draft-sides-told = The client's people are told, and those of the others concerned.
draft-manager-told = The client's people are told, and so are both managers.
notice-class = { $client } is a { $class } now
notice-manager = The manager of { $client } changed
notice-manager-now = It is { $manager } now.
notice-reseller = { $client } has another reseller now
notice-reseller-text = { $clients ->
        [0] The balance moved along. Invoices stay with whoever issued them.
        [one] The balance and one client moved along. Invoices stay with whoever issued them.
       *[other] The balance and { $clients } clients moved along. Invoices stay with whoever issued them.
    }
notice-referral = Who brought { $client } was corrected
notice-url-off = The delivery URL is switched off.
manager-title = Who looks after { $client }?
manager-more = There are more people: type the command with the name.
button-nobody = Nobody
command-class-set = Change what a client may do: USER, RESELLER or ADMIN
command-manager-set = Change who looks after a client
command-reseller-set = Move a client to another reseller, with all its clients
command-referral-set = Change who brought a client
command-class = What clients may do
command-manager = Who looks after clients
command-reseller = Whose clients they are
command-referral = Who brought clients
option-class = USER, RESELLER or ADMIN
option-heir = The reseller who takes over the clients of one who is none any more
option-manager = Somebody of the staff, by name
option-reseller = The reseller, or none for the house
option-referral = The client who brought this one, or none
form-class-set = Change the class
form-manager-set = Change the manager
form-reseller-set = Change the reseller
form-referral-set = Change the referral
hint-class = USER, RESELLER or ADMIN
hint-heir = Only where a reseller with clients becomes none
hint-manager = A name, or none
hint-reseller = A username, or none for the house
hint-referral = A username, or none
choice-user = USER

## Pages of clients

refusal-bad-detail = “{ $typed }” will not do ({ $option }). { $rule }
refusal-username-taken = “{ $username }” is taken. Choose another username.
refusal-too-many-tags = A client has { $most } tags at most. Take one off first.
rule-fullname = A name has 1 to 100 characters on one line.
rule-username = A username has 3 to 32 of a-z, 0-9, “.”, “_” and “-”.
rule-email = Write it like ada@example.com.
rule-phone = Write 5 to 15 digits, perhaps with + and spaces.
rule-price = Write plain digits with up to six decimals, for example 0.05.
title-new = New client { $client }
title-edit = Edit { $client }
title-note = Note about { $client }
title-tag = Tag { $client } as { $tag }
title-untag = Take the tag { $tag } off { $client }
field-fullname = Full name
field-tags = Tags
field-tag = Tag
field-notes = Notes
field-twins = Same email or phone
field-part = What to change
field-value = New value
client-note-line = { $at }, { $author }: { $text }
draft-reseller-told = The reseller's people are told.
notice-new = { $name } ({ $username }) is your new client
notice-edit = The details of { $client } were changed
button-open-client-activate = Activate
button-open-credit-add = Add credit
button-open-credit-request = Ask for credit
button-open-credit-deduct = Deduct
button-open-credit-reverse = Take back
button-open-client-suspend = Suspend
button-open-client-close = Close
button-open-client-edit = Edit
button-open-client-note = Note
button-open-client-tag = Tag
button-open-class-set = Class
button-open-manager-set = Manager
button-open-reseller-set = Reseller
button-open-referral-set = Referral
command-client-new = Make a client: active at once
command-client-edit = Change a client's name, email, phone or price
command-client-note = Note something about a client, for your own side
command-client-tag = Put a tag on a client, or take it off
option-fullname = The full name
option-username = 3 to 32 of a-z, 0-9, “.”, “_” and “-”
option-email = The email address
option-phone = The phone number
option-part = Name, email, phone or price
option-value = The new value; none leaves it empty
option-text = What to note
option-tag = A word or two
hint-fullname = As the client writes it
hint-username = a-z, 0-9, “.”, “_” and “-”
hint-email = For example ada@example.com
hint-phone = For example +44 20 7946 0000
hint-part = name, email, phone or price
hint-value = none leaves it empty
hint-tag = For example: late payer
form-client-new = New client
form-client-edit = Edit a client
form-client-note = Note about a client
form-client-tag = Tag a client
choice-name = Name
choice-email = Email
choice-phone = Phone
choice-price = Price of one credit

## Lists and statements

statement-title = Statement of { $client }
statement-none = Nothing moved in that time.
statement-narrow = There is more: name an earlier day to read on.
statement-line = { $amount }, balance { $balance }
another-reseller = another reseller
list-none = There are none.
list-narrow = There are more: leave some of the filters out, or search with /client find.
list-unpaid = unpaid { $amount }
posting-add = Added
posting-deduct = Deducted
posting-reversal = Taken back
posting-usage = Sent messages
posting-opening = Opening balance
rule-from = Write a day like 2026-01-31.
rule-to = Write a day like 2026-01-31.
button-open-client-statement = Statement
field-from = From
field-to = Until
field-what = What
field-only = Only
command-client-list = List users or resellers, page by page
command-client-statement = Show what moved on a client's account
option-from = The first day, like 2026-01-31
option-to = The last day, like 2026-01-31
option-what = What is to be shown
option-only = Only those who owe something, or who have little credit left
hint-from = Like 2026-01-31
hint-to = Like 2026-01-31
hint-what = One of the choices
hint-only = unpaid or low-balance
form-client-list = List clients
form-client-statement = Statement
choice-users = Users
choice-resellers = Resellers
choice-low-balance = With less than 100 credits
choice-pending = Pending
choice-active = Active
choice-suspended = Suspended
choice-closed = Closed

## People who come and go

title-freeze = Freeze every change
title-unfreeze = Let changes go on
title-people-role = Make { $name } { $role }
title-people-remove = Remove { $name }
field-frozen-by = Frozen by
field-requests = Requests
field-approvals = Approvals
field-discord-roles = Discord roles
along-requests = { $count ->
        [one] One open request of this person ends.
       *[other] { $count } open requests of this person end.
    }
along-approvals = { $count ->
        [one] One approval of this person counts no more.
       *[other] { $count } approvals of this person count no more.
    }
draft-freeze = Nobody can change anything until it is unfrozen with another admin, or on the host. Reading goes on. The staff is told.
draft-unfreeze = Changes go on at once. The staff is told.
draft-people-role = It holds at once.
draft-people-remove = All rights of this person end at once; accounts and past stay on record.
notice-frozen = { $by } stopped every change
notice-frozen-text = Reading goes on. Use /people unfreeze with another admin, or bursar people unfreeze on the host.
notice-unfrozen = Changes go on: { $by }
people-title = People
people-which = Who?
people-since = since { $since }
root-code = { $role } by code
root-configuration = { $role } by the configuration
root-discord = { $role } by Discord role
refusal-frozen = { $by } stopped every change. Use /people unfreeze with another admin, or bursar people unfreeze on the host.
refusal-person-not-found = Nobody called “{ $query }” has a role here. See /people list.
refusal-last-admin = { $name } is the last named admin. Make somebody else an admin first.
refusal-named-in-configuration = The configuration names { $name } as { $role }. Take the name out of [roles] there and start the bot again.
refusal-held-by-discord = { $name } is { $role } by a Discord role. Take that role away in Discord.
command-people-list = Show who there is, and what each role rests on
command-people-role = Give somebody another role
command-people-remove = End all rights of a person
command-people-freeze = Stop every change at once
command-people-unfreeze = Let changes go on after a freeze
option-person = Exact name; leave it out to pick one
form-people-role = Change a role
form-people-remove = Remove a person
hint-person = As in /people list
unfit-last-admin = this is the last named admin by now. Make somebody else an admin first.
button-open-invoice-create = Create invoice
button-open-invoice-list = Invoices

## What a day brought

day-title = { $day } at the desk
day-added = Credits added
day-deducted = Credits deducted
day-reversed = Credits taken back
day-invoices = Invoices issued
day-invoiced = { $count } for { $total }
day-decided = Requests decided
day-clients = New clients
day-head = Head of the audit log
day-keep = Whether nothing before this head was changed is told by: bursar audit --head HEAD

## Handing out

export-title = Export
export-rows = { $rows ->
        [0] There is nothing in it but the header.
        [one] One row, under a header.
       *[other] { $rows } rows, under a header.
    }
refusal-export-too-large = That is more than { $megabytes } MB. Name one client, or have “bursar export” run on the host: it has no limit.
command-export = Hand out clients, a statement, invoices or the audit log as CSV
form-export = Export
choice-clients = Clients with their balances
choice-statement = Statement of one client
choice-invoices = Invoices, of one client or of all
choice-audit = Audit log

## Reports

command-report = Draw figures over time
command-report-week = Draw credits and invoices of the last 12 weeks
command-report-month = Draw credits and invoices of the last 12 months
command-report-balance = Draw a client's balance over the last 90 days
form-report-balance = Balance over time
field-added = Credits added
field-invoiced = Invoiced
report-weeks = Credits and invoices, last 12 weeks (from Monday, UTC)
report-months = Credits and invoices, last 12 months (UTC)
report-course = Balance in credits, last 90 days (UTC)
report-between = Balance in credits, { $first } to { $last } (UTC)
report-nothing = Nothing has moved on this account yet.
picture-month = { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}
picture-day = { $day } { $month ->
    [1] Jan
    [2] Feb
    [3] Mar
    [4] Apr
    [5] May
    [6] Jun
    [7] Jul
    [8] Aug
    [9] Sep
    [10] Oct
    [11] Nov
   *[12] Dec
}

## The audit log

command-audit = See who did what
command-audit-log = Show who did what when, newest first
form-audit-log = Audit log
option-who = Exact name of whoever did it or whom it is about
field-who = Who
hint-who = Exact name; empty for everybody
option-family = Only what belongs to this
field-family = About
hint-family = Empty for everything
choice-credit = Credit
choice-client = Clients
choice-message = Messages
choice-people = People
choice-import = Imports
trail-title = Audit log
trail-none = Nothing of that kind was done yet. Ask with fewer words.
trail-narrow = There is more than fits behind a button: ask with one word less.
trail-host = on the host
trail-time = time
trail-asked = Asked for: { $what }
trail-done = Done: { $what }
trail-rejected = Rejected: { $what }
trail-expired = Ran out: { $what }
trail-cancelled = Given up: { $what }
trail-unfit = Did not fit any more: { $what }
trail-approved = Approved: { $what }
trail-voted-against = Voted against: { $what }
trail-imported = Moved in: { $client }
trail-updated = Changed by an import: { $client }
trail-linked = Linked an account of { $name }
trail-invited = Made the code of an invitation
trail-unfrozen = Let changes go on
trail-import-begun = Began to move in { $file }
trail-import-finished = Finished moving in { $file }
refusal-nobody-of-that-name = Nobody is called “{ $query }”. Give the whole name as the log shows it, or leave it out.

## Moving in, in chat

command-import = Move clients in
command-import-clients = Move the clients of a CSV file in
form-import-clients = Move clients in
option-file = CSV in UTF-8 with a header, up to 20 MB
field-file = File
hint-file = CSV in UTF-8 with a header, up to 20 MB
option-existing = What is done with clients who are here already; left as they are where nothing is said
field-existing = Clients who are here already
hint-existing = Left as they are where nothing is said
choice-leave = Stay as they are
choice-update = Become what the file says
title-import = Move in the clients of { $file }
field-progress = How far it is
field-tally = Clients
field-rows = Rows
field-understood = Columns that are understood
field-aside = Columns that are left aside
import-progress = { $done } of { $steps } steps
import-column = { $header } as { $field }
import-new = new: { $count }
import-updated = updated: { $count }
import-unchanged = unchanged: { $count }
import-kept = left as they are: { $count }
import-bad = wrong: { $count }
import-opened = opening balances: { $count }
import-opening = opening balances come to { $credits }
import-follows = This message will tell how far it is.
import-rest-out = Rows that are wrong stay out; the report says what is wrong with each.
import-under-way = Clients are being moved in. You need not wait: it goes on by itself.
import-frozen = It stands still because every change is stopped, and goes on by itself after /people unfreeze.
import-over = All rows are moved in.
import-over-bad = All rows but the wrong ones are moved in. Mend those and send the file again: the others are not moved in twice.
import-idle = Nothing is left to do: all of this is here already.
import-idle-bad = Nothing can be moved in: mend the rows of the report and send the file again.
button-import = Import
button-import-rest = Import without the wrong rows
## Default messages

command-message = Messages that clients are sent
command-message-edit = See a default message and change its text
command-message-history = Show the versions of a default message, with who made them and when
command-message-restore = Bring an earlier version of a default message back
option-message = Which message
option-subject = The new subject, on one line
option-body = The new text; in a window or a chat it may have several lines
option-version = The number of the version that is to come back
field-message = Message
field-subject = Subject
field-body = Text of the message
field-version = Version
hint-message = One of the choices
hint-subject = One line; empty: it stays as it is
hint-body = Placeholders like {"{{"} name {"}}"}; empty: it stays as it is
hint-version = Its number; 0 is the text that comes with the program
form-message-edit = Change a message
form-message-history = Versions of a message
form-message-restore = Bring a version back
choice-welcome = Registration of a new client
choice-credit-added = Credit added
choice-credit-deducted = Credit deducted
choice-password-link = Password link
choice-invoice = Invoice
choice-reminder = Reminder of an unpaid invoice
choice-low-credit = Low balance
messages-title = Default messages
messages-which = Which one do you want to see?
message-title = { $message } ({ $language })
message-own = Version { $version }, by { $by }, { $at }.
message-built-in = The text that comes with the program.
message-from = Nothing was written in this language: the text in { $language } is sent.
field-placeholders = Placeholders
field-body-before = Text until now
field-shown = As { $client } gets it
button-edit-message = Change the text
button-history = Versions
button-in-language = In { $language }
button-all-messages = All messages
button-restore = Bring back version { $version }
button-restore-built-in = Bring back the program's text
question-present = Until now
history-title = Versions: { $message } ({ $language })
history-none = Nothing was changed yet: the text that comes with the program is sent.
history-version = Version { $version }
history-by = { $by }, { $at }
history-built-in = { $by }, { $at }: the text that comes with the program
history-which = Which version is to come back?
title-message-edit = Change the message “{ $message }” ({ $language })
title-message-restore = Bring back version { $version } of the message “{ $message }” ({ $language })
title-message-built-in = Bring back the program's text of the message “{ $message }” ({ $language })
draft-message = Clients are sent this text from then on.
draft-message-unsent = This text holds from then on. No mail is sent while the configuration names no way for it.
sample-name = Ada Lovelace
sample-username = ada
sample-number = INV-000042
sample-reason = entered twice
refusal-placeholder = This message has no placeholder { $names }. It has: { $known }.
refusal-placeholder-meant = This message has no placeholder { $names }. Did you mean { $meant }? It has: { $known }.
refusal-loose-braces = In { $option }, a placeholder is not closed or not opened. Write it like { $example }.
refusal-lines = A subject is one line. Write it without a line break.
refusal-version-not-found = There is no version “{ $typed }” of this message. /message_history shows which there are.

## What clients are sent

mail-welcome-subject = Welcome to { $business }
mail-welcome-body =
    Hello { $name },

    your account { $username } at { $business } is active.

    { $business }
mail-credit-added-subject = { $amount } added
mail-credit-added-body =
    Hello { $name },

    { $amount } were added to your account. Your balance is { $balance } now.

    Invoice: { $number }
    Total: { $total }

    { $business }
mail-credit-deducted-subject = { $amount } deducted
mail-credit-deducted-body =
    Hello { $name },

    { $amount } were deducted from your account { $username }. Your balance is { $balance } now.

    Reason: { $reason }

    { $business }
mail-password-link-subject = Your password for { $business }
mail-password-link-body =
    Hello { $name },

    set the password of your account { $username } here: { $link }

    The link works once, within { $minutes } minutes. If you did not ask for it, do nothing.

    { $business }
mail-invoice-subject = Invoice { $number }
mail-invoice-body =
    Hello { $name },

    invoice { $number } over { $total } is issued to your account { $username }. Please pay it by { $due }.

    { $business }
mail-reminder-subject = Invoice { $number } is unpaid
mail-reminder-body =
    Hello { $name },

    { $total } of invoice { $number } are not paid yet. They are due on { $due }. If you have paid meanwhile, do nothing.

    { $business }
mail-low-credit-subject = { $balance } left
mail-low-credit-body =
    Hello { $name },

    your account { $username } has { $balance } left.

    { $business }

## Clients who wait to be activated

sign-ups = { $count ->
    [one] A client waits to be activated
   *[other] { $count } clients wait to be activated
}
sign-ups-many = Many clients wait to be activated
sign-ups-more = These are the first. See all of them with /client list and the status pending.
