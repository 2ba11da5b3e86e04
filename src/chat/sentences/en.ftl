# The sentences of Bursar in English. One sentence says what happened, the next what to do.

## Words

none = –
credits = { $count ->
        [one] { $amount } credit
       *[other] { $amount } credits
    }
change = { $before } → { $after }

## Buttons

button-add-credit = Add credit
button-ask-credit = Ask for credit
button-add-account = Add another account
button-refresh = Refresh
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
command-me = Show who you are here
command-help = Show what you can do
command-client = Find and view clients
command-credit = Add credit and ask for it
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
hint-reason = The person who asked will read it

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

## Taking back

button-undo = Undo
button-take-back = Take back { $amount }
button-deduct = Deduct credit
button-reverse = Take back
button-activate = Activate
button-suspend = Suspend
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
