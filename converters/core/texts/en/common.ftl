# Texts that several outputs share.

blank = (blank)
total = Total
other-severity = Other

severity-critical = Critical
severity-high = High
severity-medium = Medium
severity-low = Low
severity-informational = Informational
severity-untriaged = Untriaged

status-active = Active
status-suppressed = Suppressed
status-closed = Closed

finding-type-package-vulnerability = Package vulnerability
finding-type-network-reachability = Network reachability
finding-type-code-vulnerability = Code vulnerability

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
action-mend-code = Mend the code: { $detector }

# What summaries are made of.
title = Amazon Inspector findings
section-severities = How bad is it?
section-actions = What to do first
section-resources = Where it is worst
figure-action = Action
figure-resource = Resource
figure-open = Open
figure-vulnerabilities = Vulnerabilities
figure-resources = Resources
figure-fix = Fix available
figure-exploit = Exploit known
figure-oldest = Oldest first seen
figure-suppressed = Suppressed
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

# $critical and $high are open findings; $fix and $exploit are among these.
headline =
    { $critical ->
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
        [0] none has a known exploit
        [one] 1 has a known exploit
       *[other] { $exploit-text } have a known exploit
    }.
headline-lesser =
    { $open ->
        [one] 1 finding is open
       *[other] { $open-text } findings are open
    }, none of them critical or high.
headline-none = No finding is open.
