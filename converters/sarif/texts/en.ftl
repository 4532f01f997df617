# SARIF: what code scanning shows of a rule (the help of an alert) and of a result (its message).

# The table of facts.
sarif-fact = Fact
sarif-value = Value
# $source: who gave the score. $version: of CVSS.
sarif-cvss = CVSS { $version } by { $source }
sarif-cvss-unnamed = CVSS { $version } by the vendor
# $percent: a number.
sarif-epss-value = { $percent } % likely to be exploited within 30 days
# $date: a day.
sarif-exploit-last = { $exploit }, last seen on { $date }
sarif-cwe = Weakness

sarif-references-more = and { $count-text } more

# Titles and descriptions of rules that the report has none for. $port: a number, a range, with the protocol.
sarif-network-title = Port { $port } is reachable over the network.
sarif-network-title-any = A port is reachable over the network.
sarif-network-about = A network path lets traffic in to an EC2 instance. Each alert names the instance and the components of the path.
sarif-code-title = Weakness in code: { $detector }.
sarif-code-title-any = Weakness in code.
sarif-code-about = Amazon Inspector found this weakness in code. Each alert names the function or repository and describes the weakness.
sarif-other-title = Finding without a vulnerability id.
sarif-other-about = Amazon Inspector gives no vulnerability id for these findings. Each alert describes its finding.
sarif-vulnerability-about = The report has no description of { $vulnerability }.

# The first sentence of a message, which is shown alone in lists: what is vulnerable, where, what to do.
# $packages: names with installed versions. $resource: its type and name. $fixed: versions.
sarif-package-update = { $vulnerability } ({ $severity }) affects { $packages } on { $resource }: update to { $fixed }.
sarif-package-update-some = { $vulnerability } ({ $severity }) affects { $packages } on { $resource }: update to { $fixed }; not all of the packages have a fixed version yet.
sarif-package-fix = { $vulnerability } ({ $severity }) affects { $packages } on { $resource }: install the vendor's fix.
sarif-package-no-fix = { $vulnerability } ({ $severity }) affects { $packages } on { $resource }: no fixed version is known yet.
sarif-package-see = { $vulnerability } ({ $severity }) affects { $packages } on { $resource }: see the advisory for a fix.
sarif-resource-fix = { $vulnerability } ({ $severity }) affects { $resource }: install the vendor's fix.
sarif-resource-no-fix = { $vulnerability } ({ $severity }) affects { $resource }: no fix is known yet.
sarif-resource-see = { $vulnerability } ({ $severity }) affects { $resource }: see the advisory for a fix.
sarif-network = Port { $port } of { $resource } is reachable over the network ({ $severity }): restrict the security groups or network ACLs in its path.
sarif-network-any = A port of { $resource } is reachable over the network ({ $severity }): restrict the security groups or network ACLs in its path.
sarif-code = { $detector } ({ $severity }) in the code of { $resource }: mend the code.
sarif-code-file = { $detector } ({ $severity }) in { $file } of { $resource }: mend the code.
sarif-other = { $title } ({ $severity }) on { $resource }.

# What follows it.
sarif-where = Resource { $id }, account { $account }, Region { $region }.
sarif-where-id = Resource { $id }.
sarif-where-place = Account { $account }, Region { $region }.
sarif-commands = Fix: { $commands }
sarif-path = Network path: { $path }
# Stands in for a title or detector that the report lacks.
sarif-weakness = Weakness
sarif-finding = Finding
# $items: a list of names.
sarif-and-more = { $items } and { $count-text } more

# Why a result does not count.
sarif-suppressed = Suppressed in Amazon Inspector by a suppression rule.
