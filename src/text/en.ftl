# What people read, in English. Problems have a title and a detail that says what to do; faults name one place.

problem-malformed-json = The body is not valid JSON
    .detail = Correct it at the place given and send it again.
problem-malformed-request = The request cannot be read
    .detail = Correct the place given and send it again.
problem-invalid-token-request = The token request is not valid
    .detail = Send grant_type=client_credentials with the client's id and secret as form fields or in a Basic header.
problem-not-authenticated = You are not logged in
    .detail = Log in and send your access token in the Authorization header: Bearer followed by the token.
problem-invalid-token = The access token is not valid
    .detail = It has expired, was withdrawn or was not issued here. Get a new one with your refresh token, or log in again.
problem-invalid-credentials = The log-in failed
    .detail = The credentials do not belong together. Check them and try again, or ask an administrator.
problem-own-password-required = Choose a password of your own
    .detail = You have used a one-time code. Log in again with it in password, and with the password you choose in new_password.
problem-forbidden = You may not do that
    .detail = Your role does not permit the action. Ask somebody who has the role, or an administrator.
problem-not-holder = Only the agreement holder can do that
    .detail = Ask the leader of the unit to do it.
problem-not-your-step = The section is not waiting for you
    .detail = See waiting_for for who is to decide.
problem-own-unit = You cannot decide on your own unit's agreement
    .detail = Nobody decides on an agreement of a unit that they lead, or stand in for the leader of. The deputy or the last resort decides.
problem-edited-revision = You cannot decide on a revision that you edited
    .detail = Somebody else on the approval route must decide.
problem-not-signatory = You do not sign this agreement
    .detail = See signatures for who signs.
problem-not-party = You cannot answer this commitment
    .detail = The leader of the unit that is asked answers it.
problem-filled-by-coordinator = The section is filled by the coordinator
    .detail = Ask the coordinator to change it.
problem-not-found = Not found
    .detail = There is nothing with this id, or you have no access to it. Check the address.
problem-unknown-path = There is no such address
    .detail = The addresses are listed at /docs/.
problem-method-not-allowed = The method cannot be used here
    .detail = Use one of the methods in the Allow header: { $allow }.
problem-illegal-move = That cannot be done in this state
    .detail = 
        The state is { $state ->
            [in_review] in review
            [in_force] in force
           *[other] { $state }
        }. See available_actions for what can be done now.
problem-not-ready = There are gaps to be mended first
    .detail = Mend all the gaps listed and try again.
    .counted =
        { $count ->
            [one] There is one gap to be mended first
           *[other] There are { $count } gaps to be mended first
        }
problem-already-decided = You have decided already
    .detail = There is nothing more to do at this step.
problem-no-approver = Nobody can approve the section
    .detail = Nobody on the approval route is free to decide. Ask the coordinator to name a last resort.
problem-already-signed = You have signed already
    .detail = There is nothing more to do.
problem-unanswered-comment = A comment is unanswered
    .detail = An approver asked a question that must be answered before the section can be approved.
problem-already-exists = It exists already
    .detail = Something with the same keys exists. Fetch it and change it instead.
problem-id-in-use = The id is in use
    .detail = It belongs to something else. Make a new id, or leave it out.
problem-in-use = It is in use
    .detail = Something else refers to it. End or remove what refers to it first.
problem-managed-elsewhere = It is managed by another system
    .detail = Change it where it is managed: managed_by says where.
problem-stale-source = A newer change is stored
    .detail = What is stored is newer than what you send. Send the source's newest version.
problem-confirmed-commitment = The commitment is confirmed
    .detail = A confirmed commitment cannot be left out of the draft. Withdraw it instead.
problem-no-template = Some units have no single template
    .detail = Change applies_to of the templates so that exactly one is the narrowest for each unit listed.
problem-stale-version = Changed in the meantime
    .detail = Fetch the newest version, repeat your change in it, and send it with its ETag.
problem-too-large = The body is too large
    .detail = At most { $limit } bytes are accepted. Split it up.
problem-unsupported-content-coding = The body is compressed
    .detail = Send it without Content-Encoding.
problem-unsupported-media-type = Wrong media type
    .detail = Send { $expected } in Content-Type.
problem-invalid-body = The body breaks rules
    .detail = Correct the places listed and send it again.
problem-invalid-parameter = A parameter is not valid
    .detail = Correct the parameters listed and send it again.
problem-unknown-reference = Something that is referred to does not exist
    .detail = Check the ids listed.
problem-idempotency-key-reused = The key was used for something else
    .detail = Use a new Idempotency-Key for each new action.
problem-precondition-required = If-Match is missing
    .detail = Fetch the resource and send its ETag in If-Match, so that nobody overwrites another's change.
problem-too-many-requests = Too many requests
    .detail = Wait { $seconds } seconds and try again.
problem-internal = The server failed
    .detail = Nothing was saved. Try again; quote the request_id if it happens again.
problem-method-not-implemented = The server does not know the method
    .detail = Use GET, HEAD, POST, PUT, PATCH or DELETE, in capital letters.
problem-database-unavailable = The database does not answer
    .detail = Nothing was saved. Try again in a moment.
problem-busy = The server is too busy
    .detail = Nothing was saved. Try again in a moment.
fault-not-utf8 = The body is not UTF-8.
fault-json-syntax = Syntax error in line { $line }, column { $column }.
fault-too-deep = The body is nested deeper than { $max } levels.
fault-unknown-field = There is no field { $name }.
fault-required = The field must be filled in.
fault-duplicate-field = The field { $name } stands twice.
fault-unknown-value = The value is unknown. It may be: { $choices }.
expected-value = { $expected ->
    [object] Write an object: { "{" } … { "}" }.
    [list] Write a list: [ … ].
    [boolean] Write true or false.
    [number] Write a number such as 58.5, with at most 6 decimals and 15 digits.
    [integer] Write a whole number such as 2015.
    [text] Write a text in quotes.
    [id] Write an id (UUID) such as 01931f2e-7c00-7000-8000-000000000001.
    [date] Write a date such as 2014-11-10.
    [instant] Write an instant with its time zone, such as 2014-11-10T08:00:00Z.
    [person] Write a person's id (UUID), or me.
   *[other] The documentation says what it may be.
    }
fault-wrong-type = The value has the wrong type. { expected-value }
fault-invalid-value = The value is not valid. { expected-value }
fault-not-a-date = A date is written as 2015-12-31, in the years 0001 to 9999.
fault-not-a-time = A time is written as 2015-12-31T08:00:00Z, in the years 0001 to 9999 (UTC).
fault-length = The length must be between { $min } and { $max }.
fault-too-long = At most { $max } characters or items.
fault-too-short = At least { $min } characters or items.
fault-out-of-range = The value is out of range ({ $min } – { $max }).
fault-not-an-email = That is not an e-mail address such as name@kommune.dk.
fault-not-a-key = Keys are written in lower-case letters, digits, hyphens and underscores.
fault-not-a-cvr = A CVR number has 8 digits.
fault-not-a-p-number = A P-number has 10 digits.
fault-not-a-number = Write a number such as 58.5, with at most 6 decimals and 15 digits.
fault-period-backwards = The period ends before it begins.
fault-period-too-long = The period is too long; it may last 10 years at most.
fault-validities-overlap = Two periods cover the same day.
fault-no-validity = At least one period must be given.
fault-duplicate-key = The key stands twice.
fault-unknown-time-zone = The time zone is unknown; use an IANA name such as Europe/Copenhagen.
fault-unknown-language = The language is unknown; use da or en.
fault-too-large = The object is too large; at most 16 KiB.
fault-one-of-two = Give exactly one of the two.
fault-no-proposer = Exactly one party must be the proposer.
fault-unknown-heading = There is no such heading in the letter.
fault-blank = The text is blank.
fault-not-ahead = The time has passed. Choose a later one, or leave it out.
fault-choose-municipality = There are several municipalities here. Give the id of yours; GET /api/v1/auth-methods lists them.
fault-has-password = You have a password of your own. Change it at PUT /api/v1/me/password once you are logged in.
fault-same-as-code = Choose another password than the one-time code.
fault-guessable-password = The password is too easy to guess. Use several words that are no names, addresses, years or common passwords.
fault-weak-password = The password must have at least 12 characters.
fault-control-character = The text contains a control character.
fault-identity-taken = The identity belongs to another person.
fault-parent-below = The unit would stand below itself from { $day }.
fault-outside-unit-life = The unit does not exist on { $day }. An appointment is for days on which its unit exists.
fault-appointments-outside = Appointments in the unit ({ $count }) are also for days on which it would not exist, the first of them { $day }. End or move them first.
fault-unknown-id = There is no such id.
fault-not-an-etag = That is not an ETag. It stands in quotes, as in the answer: "3.9f86d081884c7d65".
fault-names-no-version = * does not say which version was seen. Send the ETag of the version that the change builds on.
fault-unknown-parameter = There is no such parameter here.
fault-not-a-boolean = The value must be true or false.
fault-not-a-limit = The value must be between 1 and 200.
fault-not-a-cursor = The cursor is unknown; use next_cursor of the page before.
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December

## agreements and workflow
fault-field-missing = "{ $field }" must be filled in, in the section "{ $section }".
fault-field-advised = It is advised to fill in "{ $field }" in the section "{ $section }".
fault-goal-missing = It is advised to set at least one goal in the section "{ $section }".
fault-goal-not-judged = Goal { $number } in the section "{ $section }", "{ $goal }": it is advised to give it an indicator, or to say how its effect is judged.
fault-too-many-goals = There are { $count } goals in the section "{ $section }"; few goals are advised, at most { $max }.
fault-partner-missing = It is advised to name a partner in the section "{ $section }".
fault-partner-unconfirmed = Commitment { $number } in the section "{ $section }", "{ $commitment }": { $count ->
        [one] a partner has
       *[other] { $count } partners have
    } not confirmed it yet.
fault-not-applicable-refused = The section "{ $section }" cannot be declared not applicable.
fault-stale-section = The section was changed in the meantime; the stored version is { $version }.
fault-id-in-use = The id belongs to something else.
fault-confirmed-left-out = A confirmed commitment cannot be left out; withdraw it instead.
history-system = The system
history-on-behalf-of = It was done on behalf of { $name }.
history-times = It happened { $count } times in a row.
history-other = { $who } made a change.
history-agreement-created = { $who } made the agreement.
history-agreement-updated = { $who } changed the agreement's particulars.
history-agreement-shared = { $who } shared the draft.
history-agreement-submitted = { $who } submitted the agreement.
history-agreement-recalled = { $who } recalled the submission.
history-agreement-returned = The agreement is returned.
history-agreement-approved = Every section is approved; the agreement is approved.
history-agreement-changed = The state of the agreement changed.
history-agreement-signed = { $who } signed the agreement.
history-agreement-in-force = Everybody has signed; the agreement is in force.
history-section-edited = { $who } wrote in the section "{ $section }".
history-section-submitted = { $who } submitted the section "{ $section }" (revision { $revision }).
history-section-omitted = The section "{ $section }" was left out, for nobody had written in it.
history-section-recalled = { $who } recalled the section "{ $section }".
history-section-endorsed = { $who } passed the section "{ $section }" at their step.
history-section-approved = { $who } approved the section "{ $section }" (revision { $revision }).
history-section-returned = { $who } returned the section "{ $section }" (revision { $revision }).
history-section-reopened = { $who } reopened the section "{ $section }".
history-commitment-proposed = { $who } proposed a commitment in the section "{ $section }".
history-commitment-revised = { $who } changed a commitment in the section "{ $section }".
history-commitment-confirmed = { $who } confirmed a commitment in the section "{ $section }".
history-commitment-declined = { $who } declined a commitment in the section "{ $section }".
history-commitment-withdrawn = { $who } withdrew a commitment in the section "{ $section }".
history-goal-created = { $who } set a goal in the section "{ $section }".
history-goal-updated = { $who } changed a goal in the section "{ $section }".
history-goal-deleted = { $who } deleted a goal in the section "{ $section }".
history-indicator-created = { $who } added an indicator in the section "{ $section }".
history-indicator-updated = { $who } changed an indicator in the section "{ $section }".
history-indicator-deleted = { $who } deleted an indicator in the section "{ $section }".
history-comment-created = { $who } commented on the section "{ $section }".
history-comment-updated = { $who } changed a comment on the section "{ $section }".
history-comment-resolved = { $who } closed a comment on the section "{ $section }".
task-write = Write and submit { $agreement }
    .why = You are the agreement holder, and the agreement is not submitted.
task-answer-return = Mend "{ $section }" in { $agreement } and submit again
    .why = The section was returned to you with a reason.
task-review = Review "{ $section }" in { $agreement }
    .why = The step is waiting for you.
    .why-again = The step waits for you again: you returned the section before, and this is revision { $revision }.
task-approve = Approve "{ $section }" in { $agreement }
    .why = The section is waiting for your decision.
    .why-again = The section waits for your decision again: you returned it before, and this is revision { $revision }.
task-sign = Sign { $agreement }
    .why = Every section is approved, and you are a signatory.
task-confirm-commitment = Answer the commitment "{ $section }" in { $agreement }
    .why = Your unit is named as a partner.
task-answer-comment = Answer the comment on "{ $section }" in { $agreement }
    .why = An approver has asked for an answer, and nobody has given it yet.
## cli
problem-request-timeout = The body came too slowly
    .detail = The server waits at most 30 seconds for the body of a request. Send it again when the connection is better.
## commitments
fault-duplicate-partner = The party stands twice.
fault-partner-own-unit = A unit of the agreement cannot be a party towards itself. Choose another unit.
## log-in and administration
problem-not-appointed = You have no appointment
    .detail = Your log-in works, but you are not appointed to anything today, and so there is nothing that you may read. Ask an administrator or the coordinator for an appointment.
problem-own-log-in = You cannot shut your own log-in
    .detail = Ask another administrator to do it, so that an administrator is always left.
problem-too-many-secrets = The client has too many secrets
    .detail = A client may have { $max } at most. Delete one that is no longer used, and try again.
fault-wrong-password = The current password is wrong.
fault-reserved-source = The source local is reserved for what people change in this system. Choose another name.
## letters
fault-no-heading = The letter lacks a heading.
fault-no-theme = The letter lacks a theme.
fault-heading-in-use = Themes stand under the heading { $key }. Move or delete them first.
fault-theme-without-owner = No director owns the theme "{ $theme }". Until one does, the chief executive decides on its sections.

## templates
unit-kind = { $kind ->
    [directorate] directorate
    [centre] centre
    [institution] institution
    [staff] staff
   *[other] other
    }
fault-no-section = The template lacks a section.
fault-unknown-theme = There is no such theme in the strategy letter.
fault-no-choices = The field must have at least one choice.
fault-route-does-not-approve = The route must end with a step that approves.
fault-duplicate-kind = The kind of unit { unit-kind } is named twice; only the first would count.
fault-no-route = The kind of unit { unit-kind } lacks an approval route.
fault-no-signatories = The kind of unit { unit-kind } lacks signatories.
fault-holder-does-not-sign = The agreement holder must be among the signatories.

## cycles
fault-deadlines-out-of-order = The deadlines must follow each other: submit, approve, sign.
fault-letter-not-published = The strategy letter is not published. Publish it first.
fault-template-not-published = The template is not published. Publish it first.
fault-no-templates = Choose at least one template.
fault-no-units = There are no units in the scope of the cycle.
outcome-agreement-made = The unit gets an agreement from the template { $template }.
outcome-holds-no-agreement = The unit gets no agreement, because it is not one that makes them (holds_agreement). Change the unit if it is to.
outcome-excepted = The unit gets no agreement, because the cycle excepts it.
fault-no-template-applies = None of the templates applies to { $unit }.
fault-templates-tied = Two templates apply equally narrowly to { $unit }.

## goals
fault-list-full = The list is full; it holds at most { $max }.
fault-unknown-key = The agreement has no such key.

## organisation and events
problem-own-appointment = You cannot change your own appointment
    .detail = Nobody appoints themselves, nor makes themselves a deputy. Ask somebody else who may give the role.
problem-gives-roles = Who gives roles does not decide
    .detail = Coordinators and administrators choose who decides. Therefore they do not decide themselves, whatever else they are appointed to. Somebody else has to.
fault-managed-elsewhere = It belongs to another system than yours.
problem-role-given-locally = The role is given locally
    .detail = Another system can only give the roles leader and contributor. Ask an administrator or the coordinator to give the others.
problem-role-given-by-administrator = Only an administrator gives the role
    .detail = A coordinator gives, changes and ends the roles leader, contributor, works_council, user_board and reader. Ask an administrator for the others.
fault-not-a-sequence = The cursor is no event number of this server.
## comments
problem-comment-answered = The comment has a reply or is resolved
    .detail = Its words stand. Write a new comment instead.
fault-not-first-in-thread = It belongs to the first comment of a thread and cannot be set on a reply.
fault-not-a-pointer = The place is a JSON Pointer that begins with /.

page-problems = All kinds of refusal
fault-refused-item = This part cannot be done.

## effects
problem-has-observations = There are observations of it
    .detail = What was observed can neither be deleted nor measured in another way. Delete its observations first, or leave it.
fault-has-observations = There are observations of it. Delete them first, or leave it as it is.
fault-target-is-baseline = The target is the same as the baseline. Choose another target, or the direction keep.
fault-target-against-direction = The target lies in the wrong direction from the baseline. Correct the target or the direction.
fault-target-before-baseline = The day of the target must come after the day of the baseline.
fault-negative-tolerance = The tolerance cannot be negative.
fault-not-measured = A measurement has neither a judgement nor a scale. Write them in an assessment (kind assessment).
fault-value-or-text = Write a text or a value.
fault-ratio-in-parts = The indicator is a ratio. Give numerator and denominator, not value.
fault-no-ratio = This is not the measurement of a ratio. Give value, not numerator and denominator.
fault-zero-denominator = The denominator must be more than 0.
fault-in-future = The day is in the future. Choose today or an earlier day.
warning-small-n = The observation is about fewer than { $limit }. Only those who see the unit's drafts see the value.
warning-outside-period = The day lies outside the agreement's period.
judgement = { $reading ->
    [achieved] the goal is reached
    [on_track] on track
    [off_track] off track
   *[too_early] too early to say
    }
reading-no-measurement = There are no measurements yet.
reading-suppressed = The measurements are about so few that their values are not shown.
reading-no-target = The measurement of { $day } is { $value }, but there is no target.
reading-target-date = The measurement of { $day } is { $value } against the target { $expected }, and its day has come.
reading-reached-early = The measurement of { $day } is { $value }. The target { $expected } is reached before its day.
reading-no-baseline = The measurement of { $day } is { $value }, but there is no baseline to reckon from.
reading-first-quarter = The measurement of { $day } is { $value }. Less than a quarter of the time has passed.
reading-pace = The measurement of { $day } is { $value } against an expected { $expected }.
reading-judgement = { $kind ->
    [citizen_voice] The citizens
   *[other] The assessment
    } of { $day } says: { judgement }.
reading-too-old = { $kind ->
    [measurement] The measurement
    [citizen_voice] What citizens said
   *[other] The assessment
    } of { $day } is more than half a year older than the newest observation and does not count.
history-observation-created = { $who } wrote down an observation of a goal in the section "{ $section }".
history-observation-updated = { $who } corrected an observation of a goal in the section "{ $section }".
history-observation-deleted = { $who } deleted an observation of a goal in the section "{ $section }".
picture-measurements = Measurements, latest { $value }
    .said = The measurements go from { $first } on { $since } to { $value } on { $date }.
picture-measurement = Measurement: { $value }
    .said = There is one measurement: { $value } on { $date }.
picture-no-measurements = There are no measurements yet.
    .said = There are no measurements yet.
picture-baseline = Baseline: { $value }
    .said = The baseline is { $value } on { $date }.
picture-target = Target: { $value }
    .said = The target is { $value } on { $date }.
picture-course = Expected course
picture-assessment = Assessment
    .said =
        { $count ->
            [one] There is one assessment.
           *[other] There are { $count } assessments.
        }
picture-voice = Citizens’ voice
    .said =
        { $count ->
            [one] Citizens have been heard once.
           *[other] Citizens have been heard { $count } times.
        }

## commitments in their whole life
problem-own-proposal = It is your own proposal
    .detail = Whoever proposed a commitment changes it (PATCH) or withdraws it. A partner can counter it.
fault-counter-changes-nothing = The counter-proposal is the same as the proposal. Confirm it instead.
history-commitment-countered = { $who } countered a commitment in the section "{ $section }".
history-commitment-fulfilled = { $who } said that a commitment in the section "{ $section }" was kept.
task-answer-counter = Answer the counter-proposal to "{ $section }" in { $agreement }
    .why = A partner would rather agree on something else. Confirm or decline it, change the commitment, or withdraw it.
task-confirm-fulfilment = Say whether "{ $section }" in { $agreement } was kept
    .why = Another party says that the commitment was kept. It counts once all say so.
task-fulfil-commitment = Keep the commitment "{ $section }" in { $agreement }
    .why = Its day has come, and nobody has said that it was kept.
task-replace-partner = Find another partner for "{ $section }" in { $agreement }
    .why = A unit of the commitment is no more.
fault-cell-not-utf-8 = Line { $line } cannot be read at “{ $read }”: the file is not UTF-8. Save it as “CSV UTF-8” in the spreadsheet.
fault-cell-no-header = Line { $line } should name the columns, but it says “{ $read }”. Begin the file with names such as observed_on;indicator_id;value.
fault-cell-too-many-rows = The file has { $read } rows, and from line { $line } on they are too many. Split it into files of at most { $wanted } rows.
fault-cell-unknown-column = Line { $line }: the column “{ $read }” is not known. Use these names or the Danish ones: { $wanted }.
fault-cell-duplicate-column = Line { $line }: the column “{ $read }” is there twice, perhaps once in each language. Remove one of them.
fault-cell-missing-column = { $column ->
    [indicator_id] Line { $line }: a column that says what the observations are about is missing. Add the column indicator_id or goal_id.
   *[other] Line { $line }: the column “{ $column }” is missing. Add it.
    }
fault-cell-nameless-column = Line { $line }: “{ $read }” stands in a column without a name. Name the column, or empty the cell.
fault-cell-row-of-another-length = Line { $line } has { $read } cells, but needs { $wanted }. Check whether a separator or a quotation mark is missing or too many.
fault-cell-broken-quote = Line { $line }: the quotation marks in “{ $read }” do not match. Write two for each one that belongs to the text.
fault-cell-control-character = Line { $line }, column “{ $column }”: the cell contains the control character { $read }. Remove it.
fault-cell-required = Line { $line }, column “{ $column }”: the cell is empty. Write a date, such as 2015-03-31.
fault-cell-not-a-date = Line { $line }, column “{ $column }”: “{ $read }” is not a date. Write for example 2015-03-31 or 31-03-2015 (day, month, year).
fault-cell-not-an-id = Line { $line }, column “{ $column }”: “{ $read }” is not an id. Write a UUID with hyphens, such as 01931f2e-7c00-7000-8000-000000000001.
fault-cell-unknown-value = Line { $line }, column “{ $column }”: “{ $read }” cannot be chosen here. Write one of these words or the Danish one: { $wanted }.
fault-cell-not-a-number = Line { $line }, column “{ $column }”: “{ $read }” is not a number. Write for example 61.5, without a unit.
fault-cell-ambiguous-number = Line { $line }, column “{ $column }”: “{ $read }” can be read as two different numbers. Write the one you mean: { $wanted }.
fault-cell-too-many-digits = Line { $line }, column “{ $column }”: “{ $read }” has too many digits or is too large. Write at most 15 digits, at most 6 of them decimals, and at most 9,000,000,000,000.
fault-cell-not-a-count = Line { $line }, column “{ $column }”: “{ $read }” is not a count. Write a whole number from 1 to 1,000,000,000.
fault-cell-too-long = Line { $line }, column “{ $column }”: the text “{ $read }” is too long. It may have at most { $wanted } characters.
fault-cell-formula = Line { $line }, column “{ $column }”: a spreadsheet would run “{ $read }” as a formula. Write the value itself, or put an apostrophe before it if it is a text.

## imports
on-line = Line { $line }
fault-no-rows = The file has no rows. Send at least one.
fault-too-many-rows = There are too many rows; at most { $max } at a time.
fault-more-faults = There are { $count } more faults. Correct those that are named, and send it again.
fault-measured-twice = The indicator is measured twice on the same day in the file. Keep one of them.
history-agreement-observations-imported = { $who } imported observations.

## goals from above
fault-inherits-itself = The goal cannot continue itself, not through other goals either.
fault-inherits-withdrawn = The goal stands in an agreement that was withdrawn. Choose another.
fault-theme-has-goals = There are corporate goals under the theme. Delete them first.
fault-goal-taken-over = A unit has taken the goal over. It stays.
graph-units =
    { $count ->
        [0] There are no units.
        [one] There is one unit.
       *[other] There are { $count } units.
    }
graph-more =
    { $count ->
        [one] One more unit is not drawn.
       *[other] { $count } more units are not drawn.
    }
graph-nothing = The units have not promised each other anything yet.
graph-table = Rows and columns: the same number is the same unit.
graph-confirmed = Confirmed
    .said =
        { $count ->
            [0] No commitments are confirmed.
            [one] One commitment is confirmed.
           *[other] { $count } commitments are confirmed.
        }
graph-proposed = Proposed
    .said =
        { $count ->
            [0] No commitments await an answer.
            [one] One commitment is proposed and awaits an answer.
           *[other] { $count } commitments are proposed and await an answer.
        }
graph-lapsed = Lapsed
    .said =
        { $count ->
            [0] No commitments have lapsed.
            [one] One commitment has lapsed because it was not kept in time.
           *[other] { $count } commitments have lapsed because they were not kept in time.
        }
graph-silent = Missing
    .said =
        { $count ->
            [one] Two units should have a commitment with each other but have none.
           *[other] { $count } pairs of units should have a commitment with each other but have none.
        }
graph-thickness = Thicker: more of them
graph-number = How many there are
graph-partly = Partly lapsed

## collaboration
collaboration-title = Working together in { $year }
collaboration-finding = { $units ->
        [one] One unit
       *[other] { $units } units
    }: { $agreed } pairs have agreed on something, { $asked } pairs wait for an answer, and { $silent ->
        [0] none that had a commitment last year lacks one this year.
        [one] one pair that had a commitment last year has none this year.
       *[other] { $silent } pairs that had a commitment last year have none this year.
    }
fault-counter-pending = Another partner's counter-proposal waits for an answer. Wait until it is answered.
fault-ratio-too-large = Numerator and denominator give a number that is too large. Check them.
fault-taken-over-already = The agreement has taken the goal over already.
fault-too-many-levels = The goal stands so far below that it cannot be taken over again; at most 12 levels.
