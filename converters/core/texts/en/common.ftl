# Texts that several outputs share.

blank = (blank)
yes = yes
no = no
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
action-mend-code = Mend the code: { $detector }
