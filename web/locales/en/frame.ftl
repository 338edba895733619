### Frame of every page, sign-in, errors, dates.

skip-to-content = Skip to content
brand-tagline = The digital profile of a stay
demo-bar-label = Demonstration.
demo-bar-text = Everyone here is invented; “today” is { $day }
sign-in = Sign in
sign-out = Sign out
languages-label = Language
nav-label = Sections
back = Back
foot-text = Sojourn shows what agencies have recorded and what follows from it by law. Decisions are made by officials, and each can be appealed.
foot-about = How it works
foot-api = API description

tab-status = Where I stand
tab-proof = Prove my right
tab-data = My data
tab-looks = Who looked
tab-check = Check
tab-find = Find
tab-queue = Queue
tab-statistics = Statistics

landing-title = One answer about your stay, and where it comes from
landing-lead = Until when you may stay in Russia, whether you may work, and what to do next. Each answer names the article of law and the records it rests on.
door-holder = I live in Russia
door-holder-text = See where you stand, show a QR code, see who has looked at your data.
door-verifier = I check a right
door-verifier-text = An employer, landlord or inspector gets one answer: yes, no or undetermined.
door-official = I work for an agency
door-official-text = Find a profile under a purpose and legal basis, see sources and conflicts, work through the queue.
door-statistics = Migration in figures
door-statistics-text = Open tables and a map. Small numbers are withheld so that nobody can be recognised.
principle-reason = An answer with its reason
principle-reason-text = The article of law and the agency’s record stand beside the conclusion.
principle-least = No more than needed
principle-least-text = Whoever checks learns only what was asked.
principle-trace = A trace remains
principle-trace-text = People see who looked at their data, when and why.
principle-silence = Silence changes nothing
principle-silence-text = A lost signal or a misspelt name takes no right away.

demo-title = Demonstration sign-in
demo-text = Choose through whose eyes to look. No password needed.
demo-enter = Enter
role-holder = Foreign resident
role-official = Official
role-verifier = Verifier
role-operator = Operator
role-analyst = Statistician

sign-in-login = Sign-in name
sign-in-secret = Password
sign-in-help = Cannot sign in? Ask the office that gave you access.

errors-title = Please check the form
error-prefix = Error:
error-login-empty = Enter your sign-in name
error-secret-empty = Enter your password
error-sign-in = The sign-in name or the password does not match
error-home = To the start page
error-not-found = There is no such page
error-not-found-text = The address may be mistyped, or the page is no longer open.
error-forbidden = This page is not open to you
error-forbidden-text = Your role lacks this right, or the chosen purpose does not show these data. The refusal was recorded.
error-form = The form is out of date
error-form-text = Go back, reload the page and send the form again.
error-too-many = Too many attempts
error-too-many-text = Wait a few minutes and try again. Nothing has been locked.
error-too-large = The request is too large
error-too-large-text = Send less at one time.
error-internal = We could not answer
error-internal-text = The fault is ours and was recorded. It does not change where you stand. Please try later.
error-away = The register cannot be reached
error-away-text = Try again in a minute, and look whether what you sent was kept. It does not change where you stand.
error-busy = The system is busy
error-busy-text = Try again in a minute. It does not change where you stand.

date-day = Day
date-month = Month
date-year = Year
day-long = { $day }{"\u00A0"}{ $month }{"\u00A0"}{ $year }
time-long = { $day }, { $clock } Moscow time
month-long = { $month } { $year }
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
month-name-1 = January
month-name-2 = February
month-name-3 = March
month-name-4 = April
month-name-5 = May
month-name-6 = June
month-name-7 = July
month-name-8 = August
month-name-9 = September
month-name-10 = October
month-name-11 = November
month-name-12 = December
count-days = { $n ->
    [one] { $n }{"\u00A0"}day
   *[other] { $n }{"\u00A0"}days
}

about-title = How it works
about-lead = A profile is gathered from the records of agencies. What follows from them is worked out by a pack of rules in which every row names its article of law.
about-answers-title = Three answers, not two
about-answers = Yes, no or undetermined. Where records are missing or disagree, the answer says so and names what to do. “Undetermined” never means “no”.
about-records-title = Records are never overwritten
about-records = A correction is a new record beside the old one. So any past answer can be given again and contested.
about-trace-title = Every look is recorded
about-trace = To see a person takes a sign-in, a purpose and a legal basis. The person sees that entry. Where a law has it shown later, the person sees that there is one.
about-cookies-title = Cookies
about-cookies = Only what is needed: sign-in, protection of forms and the chosen language. No third parties, no tracking.
about-access-title = Accessibility
about-access = Pages work without JavaScript, by keyboard and with a screen reader; the aim is WCAG 2.2 AA. The camera is an extra: a code can always be typed.

tab-matter = Purpose
error-conflict = Things have changed
error-conflict-text = This was changed while you were looking. Go back and reload the page.
demo-no-basis = No basis of stay
demo-undetermined = Undetermined: a record is missing
demo-office = Find a person, see the profile, work the queue
demo-check = Check a code or a QR
demo-lawful = Lawful stay: { $basis }
lost-title = Lost your phone?
lost-text = End every sign-in on every device. Codes in force are ended on the page “Prove my right”.
sign-out-everywhere = Sign out everywhere
