# Texts that several outputs share.

blank = (blank)
total = Total
other-severity = Other

severity-critical = Critical
    .meaning = The worst: fix it first. Inspector score 9.0 to 10.0.
severity-high = High
    .meaning = Serious: fix it soon. Inspector score 7.0 to 8.9.
severity-medium = Medium
    .meaning = Fix it with the regular updates. Inspector score 4.0 to 6.9.
severity-low = Low
    .meaning = Little danger. Inspector score 0.1 to 3.9.
severity-informational = Informational
    .meaning = For information: no danger by itself.
severity-untriaged = Untriaged
    .meaning = Not rated yet by the vendor. That does not mean harmless: look at the reference.

status-active = Active
    .meaning = The finding still holds: the vulnerability is there.
status-suppressed = Suppressed
    .meaning = Hidden by a suppression rule of the account: someone decided not to act on it.
status-closed = Closed
    .meaning = Fixed, or the resource is gone.

finding-type-package-vulnerability = Package vulnerability
    .meaning = Installed software with a known vulnerability.
finding-type-network-reachability = Network reachability
    .meaning = An instance that can be reached from outside on a port.
finding-type-code-vulnerability = Code vulnerability
    .meaning = A weakness in one's own code, found by reading it.

fix-yes = Yes
fix-partial = Partial
fix-no = No

exploit-yes = Yes
exploit-no = No

resource-type-ec2-instance = EC2 instance
resource-type-ecr-container-image = ECR container image
resource-type-ecr-repository = ECR repository
resource-type-lambda-function = Lambda function
resource-type-code-repository = Code repository
resource-type-machine-image = Machine image

# What to do. $packages: names, separated by commas. $version: the first version without the vulnerability.
action-update-to = Update { $packages } to { $version }
# $packages: names, each with its version, separated by commas.
action-update = Update { $packages }
action-install-update = Install the vendor's update for { $vulnerability }
action-close-path = Close the network path to port { $ports }
action-close-path-of = Close the network path: { $title }
action-mitigate = Mitigate, isolate or accept: { $vulnerability } (no fix yet)
action-mend-code = Mend the code: { $detector }

# What summaries are made of.
title = Amazon Inspector findings
section-severities = How bad is it?
section-actions = What to do first
section-resources = Where it is worst
figure-action = Action
    .meaning = One piece of work that settles several findings at once: an update, a network path to close, code to mend.
figure-resource = Resource
figure-open = Open
    .meaning = Findings that still ask for work: neither suppressed, accepted nor closed.
figure-vulnerabilities = Vulnerabilities
figure-resources = Resources
figure-fix = Fix available
    .meaning = An update that removes the vulnerability is available, for some of the packages at least.
figure-exploit = Public exploit
    .meaning = Code or instructions that exploit the vulnerability are public. That does not say that anybody uses them.
figure-oldest = Oldest first seen
    .meaning = When the oldest of the open findings was first seen. For a container image it starts again with every push.
figure-suppressed = Suppressed
figure-accepted = Accepted
figure-set-aside = Suppressed, accepted
figure-closed = Closed
figure-findings = All findings
figure-settles = Settles findings
figure-critical = Critical
figure-high = High
figure-medium = Medium
figure-other = Other
fact-source = Source
fact-data-date = Date of the data
fact-filters = Filters

# Of several reports that were put together. $lost: how many could not be read.
sentence-report-lost = { $lost ->
        [one] 1 report could not be read and is not counted here: there may be more findings than this says.
       *[other] { $lost-text } reports could not be read and are not counted here: there may be more findings than this says.
    }
# What comes before the headline of a report of which something is, or may be, missing. $rows: how many rows.
headline-incomplete = { $loss ->
        [possible] This report may be incomplete; the problems of the input say why.
        [rows] This report is incomplete: { $rows ->
                [one] 1 row
               *[other] { $rows-text } rows
            } could not be read.
       *[unknown] This report is incomplete: part of its input is missing, and nobody knows how much.
    }{" "}
# What comes behind the headline of a report that is filtered: what the filters leave out is not absent.
headline-left-out = {" "}The filters leave out { $open ->
        [one] 1 open finding
       *[other] { $open-text } open findings
    } ({ $critical-text } critical, { $high-text } high).
# $scope: what is counted, where that is not all: what filters leave, a part of a report that is split, or what could be
# read.
# The headline where the filters leave out all critical findings, or all high ones. $severity: the one that is left.
headline-of-one = Of the findings that the filters leave: { $count ->
        [one] 1 finding of severity { $severity } is open
       *[other] { $count-text } findings of severity { $severity } are open
    }, among { $open ->
        [one] 1 open finding
       *[other] { $open-text } open findings
    } in all. Of those of severity { $severity }, { $fix ->
        [0] none has a fix
        [one] 1 has a fix
       *[other] { $fix-text } have a fix
    }{ $partial ->
        [0] {""}
       *[other] {" "}({ $partial-text } of them for some packages only)
    } and { $exploit ->
        [0] none has a public exploit
        [one] 1 has a public exploit
       *[other] { $exploit-text } have a public exploit
    }.
# $critical and $high are open findings; $fix and $exploit are among these.
headline =
    { $scope ->
        [filtered] Of the findings that the filters leave:{" "}
        [part] In this part of the report:{" "}
       *[all] {""}
    }{ $critical ->
        [0] No critical findings are open
        [one] 1 critical finding is open
       *[other] { $critical-text } critical findings are open
    }, and { $high ->
        [0] none of high severity
        [one] 1 of high severity
       *[other] { $high-text } of high severity
    }, among { $open ->
        [one] 1 open finding
       *[other] { $open-text } open findings
    } in all. Of the critical and high ones, { $fix ->
        [0] none has a fix
        [one] 1 has a fix
       *[other] { $fix-text } have a fix
    }{ $partial ->
        [0] {""}
       *[other] {" "}({ $partial-text } of them for some packages only)
    } and { $exploit ->
        [0] none has a public exploit
        [one] 1 has a public exploit
       *[other] { $exploit-text } have a public exploit
    }.
headline-lesser =
    { $scope ->
        [filtered] Of the findings that the filters leave:{" "}
        [part] In this part of the report:{" "}
       *[all] {""}
    }{ $open ->
        [one] 1 finding is open
       *[other] { $open-text } findings are open
    }{ $hidden ->
        [0] , none of them critical or high.
       *[other] .
    }
headline-none = { $scope ->
        [filtered] None of the findings that the filters leave is open.
        [part] No finding in this part of the report is open.
        [incomplete] None of the findings that could be read is open.
       *[all] No finding is open.
    }
# In place of the counts of a severity of which the filters leave nothing.
figure-left-out = left out

# What else must be known, a sentence each. $settled and $grave are critical and high findings.
sentence-actions =
    { $actions ->
        [one] The first action alone settles
       *[other] The first { $actions-text } actions settle
    } { $settled-text } of the { $grave-text } critical and high findings.
# $since: a day. $oldest: days from then to the date of the data.
sentence-age =
    { $old ->
        [0] None of these findings has been open for more than { $days-text } days
        [one] 1 finding ({ $share }) has been open for more than { $days-text } days
       *[other] { $old-text } findings ({ $share }) have been open for more than { $days-text } days
    }; the oldest for { $oldest ->
        [one] 1 day
       *[other] { $oldest-text } days
    }, since { $since }.{ $unknown ->
        [0] {""}
        [one] {" "}The age of 1 more is not known.
       *[other] {" "}The age of { $unknown-text } more is not known.
    }
sentence-resource-no-account = The worst resource is { $name }: { $critical-text } critical and { $high-text } high among { $open ->
        [one] 1 open finding
       *[other] { $open-text } open findings
    }.
sentence-resource = The worst resource is { $name } in account { $account }: { $critical-text } critical and { $high-text } high among { $open ->
        [one] 1 open finding
       *[other] { $open-text } open findings
    }.
sentence-resource-open = The worst resource is { $name }: { $open ->
        [one] 1 open finding
       *[other] { $open-text } open findings
    }.
sentence-nobody =
    { $findings ->
        [one] 1 critical or high finding is
       *[other] { $findings-text } critical and high findings are
    } on resources without a tag that names an owner: find out whose they are.
sentence-untriaged =
    { $findings ->
        [one] 1 finding has
       *[other] { $findings-text } findings have
    } no rating yet: that does not mean harmless.
section-sentences = In short
section-ages = How old is it?
section-accounts = Whose accounts?
section-owners = Who has to act?
figure-age = Days since first seen
age-0 = up to 30
age-1 = 31 to 60
age-2 = 61 to 90
age-3 = over 90
age-4 = not known
older-0 = Older than 30 days
older-1 = Older than 60 days
older-2 = Older than 90 days
figure-share = Share
figure-owner = Owner
nobody = (no owner)

# What is wrong with an input, for the sheet and the summaries. $example: the value that was met.
problem-field-count = This row has another number of fields than the header; it was left out.
problem-open-quote = A quote is opened here and never closed; the row was left out.
problem-not-a-finding = This is no finding that can be read; it was left out.
problem-repeated-header = The header line stands here again; it was left out.
problem-report-lost = This report could not be read; what is in it is not here.
problem-not-utf-8 = Bytes that are no text were replaced.
problem-not-a-time = "{ $example }" is not a time in a known form; it was kept as text.
problem-not-a-number = "{ $example }" is not a number; it was kept as text.
problem-account-id-lost = "{ $example }" was an account id until a spreadsheet made it a number; digits of it are lost, so export the report again.
problem-account-id-repaired = { $example ->
        [blank] An account id was blank; it was taken from the ARN of the row.
       *[other] An account id was changed to "{ $example }", as spreadsheets do; it was repaired from the ARN of the row or from its own digits.
    }
problem-cut-off = The file ends too early; findings are missing, and nobody knows how many.
problem-may-be-cut = The file ends without a line break; it may have been cut off here.
problem-pages-missing = This is one page of a list that has more; the findings of the other pages are missing.
problem-stray-quote = Text stands behind a closing quote; fields of this row may be cut wrongly.
problem-rows-in-field = Whole rows stand inside a quoted field of this row; findings may be missing.
problem-repeated-heading = This heading stands twice; the first column counts.
problem-time-ahead = "{ $example }" lies ahead of the other times of the report; the date of the data is counted without it.
problem-ambiguous-time = "{ $example }" may be a date in more than one order of day, month and year; it was kept as text.
problem-not-an-arn = "{ $example }" is longer than the ARN of a finding; rows may have run together here.

# What became of the findings of an earlier report. $name: its file. $date: the day of its data. $account and
# $region: of findings that are gone. $count: how many these are.
section-changes = Since the earlier report
changes-compared = Compared with { $name } of { $date }.
figure-change = Change
change-new = New
change-reopened = Open again
change-severity = Still open, severity changed
change-still-open = Still open
change-suppressed = Suppressed or accepted now
change-fixed = Fixed or gone
change-unknown = Not known: missing, and the report is incomplete
changes-not-covered = Nothing of account { $account }, Region { $region } is in this report: { $count ->
        [one] its 1 finding counts
       *[other] its { $count-text } findings count
    } as gone, which is wrong if the export does not cover it.
# Rows of the two reports that could not be read.
changes-lost-before = { $lost ->
        [0] The earlier report is, or may be, incomplete; what is missing of it may count as new here.
        [one] 1 row of the earlier report could not be read; what it says may count as new here.
       *[other] { $lost-text } rows of the earlier report could not be read; what they say may count as new here.
    }
changes-lost-now = { $lost ->
        [0] This report is, or may be, incomplete: what it does not have does not count as fixed.
        [one] 1 row of this report could not be read: what the report does not have does not count as fixed.
       *[other] { $lost-text } rows of this report could not be read: what it does not have does not count as fixed.
    }

# What people fill in beside findings and actions.
triage-owner = Assigned to
triage-due = Due date
triage-state = State
triage-notes = Notes
triage-state-todo = To do
triage-state-doing = In progress
triage-state-accepted = Accepted
triage-state-done = Done

# Priorities: what to act on first. The reasons are joined by commas.
priority = Priority
    .meaning = When to act on the finding, by the table on this sheet.
priority-act-now = Act now
    .meaning = Outside any cycle: today. Tell leadership, and look for signs of a break-in.
priority-soon = Soon
    .meaning = Before the next regular maintenance.
priority-planned = Planned
    .meaning = With a date, in the next maintenance.
priority-routine = Routine
    .meaning = With the regular updates.
priority-watch = Watch
    .meaning = Nothing now: look again when there is a fix or a sign of attacks.
reasons = Reason
    .meaning = What decided the priority.
reason-separator = ,{" "}
reason-known-exploited = known exploited (KEV)
reason-ransomware = used by ransomware
reason-malicious-package = malicious package
reason-exploit-available = public exploit
reason-epss = EPSS { $percent } %
reason-reachable = reachable from the internet
reason-public-ip = public IP address
reason-internet-facing = internet-facing
reason-internal = internal
reason-important = important system
reason-critical = critical
reason-high = high
reason-medium = medium
reason-low = low
reason-informational = informational
reason-unrated = not rated by the vendor
reason-end-of-life = end of life
reason-fix-available = fix available
reason-partial-fix = fix for some packages
reason-no-fix = no fix
reason-idle = not running
priority-rule-1 = A malicious package (MAL-)
    .source = Our choice: an incident, not an update
priority-rule-2 = Known exploited (KEV), and critical, high, exposed or used by ransomware
    .source = BOD 26-04; Grype for ransomware
priority-rule-3 = Known exploited (KEV)
    .source = BOD 26-04
priority-rule-4 = Attackable and critical, unless set as internal
    .source = Our choice, stricter than BOD 26-04: of images and functions exposure is unknown, which SSVC takes as open
priority-rule-5 = Attackable, exposed and high
    .source = BOD 26-04
priority-rule-6 = Attackable, and critical, high, or exposed and medium
    .source = BOD 26-04 if exposed; FedRAMP VDR
priority-rule-7 = Exposed, and critical or high
    .source = BOD 26-04; Cyber Essentials
priority-rule-8 = Critical or high, or a platform at its end of life
    .source = FedRAMP Rev5; PCI DSS; Cyber Essentials
priority-rule-9 = Medium, and attackable or exposed
    .source = Our choice, within BOD 26-04
priority-rule-10 = Medium with a fix; low, and attackable or exposed
    .source = FedRAMP Rev5; for low our choice
priority-rule-11 = Anything else
    .source = SSVC: defer; BOD 26-04: the next upgrade
priority-note-attackable = Attackable: Exploit Available is YES, or the EPSS score is at least { $epss }.
priority-note-attackable-exploit = Attackable: Exploit Available is YES. EPSS is ignored.
priority-note-exposed = Exposed: Inspector found an open network path to the resource, { $publicIp ->
        [yes] it has a public IPv4 address,
       *[no] {""}
    } or the configuration says so.
priority-note-idle = What is not running (no package is reachable at runtime, or the image is not in use) is one step later, from rule 4 on.
priority-note-exploit = That an exploit exists does not say that anybody uses it. Only CISA's catalogue (KEV) says that.
kev-not-checked = CISA's catalogue of exploited vulnerabilities (KEV) was not given: not checked.
priority-rule-changed = Set by the configuration (usually: { $usual })
priority-rule-off = off
priority-note-routine = High findings without any signal, and with an EPSS score below { $epss }, are routine.
target-days = { $name } { $days }
priority-head = The first rule that holds decides.
priority-days = Within { $days } days.
targets-in-force = Due within, in days from First Seen: { $targets }.
between = {" "}
section-priorities = What has to be done, and by when
section-owners-due = Who has how much to do
figure-when = When
figure-due = Due
    .meaning = The last day that is in time: First Seen and the days of the target. Of what is known to be exploited, CISA's listing counts too.
figure-overdue = Overdue
    .meaning = Open findings that are past their due date.
figure-overdue-days = Overdue by (days)
figure-next-due = Next due
figure-first-action = First action
fact-kev = Known exploited (KEV)
fact-epss = EPSS scores
fact-targets = Targets in days
kev-not-checked-short = not checked: no catalogue was given
kev-checked = { $file }, newest entry { $date }, { $all-text } entries: { $listed-text } of the vulnerabilities here are in it; { $unknown-text } have no CVE id and cannot be checked
epss-checked = { $file }, scores of { $date }, model { $model }: { $matched-text } of the vulnerabilities here have one
# Columns of what is computed of a finding, beside those of the report.
derived-priority = Priority
derived-resource = Resource
derived-owner = Owner
derived-due = Due
derived-overdue = Overdue by (days)
derived-reasons = Reason
derived-row = Row of the report
figure-longest = Longest overdue (days)
figure-near = Due within 7 days
figure-no-owner = Without owner
