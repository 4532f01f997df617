#!/usr/bin/env python3
"""Write a synthetic Amazon Inspector findings report, as CSV or as JSON.

    generate_report.py --rows 20000 --seed 7 report.csv
    generate_report.py --rows 500 --layout A --crlf --bom old.csv
    generate_report.py --rows 500 --json report.json

The same arguments give the same bytes, and the same rows and seed give the same findings in
every layout and in both formats. Nothing in it comes from a real account. The shape follows
what is known of real reports: few vulnerabilities on many resources,
long and often multi-line descriptions, package findings without a package, ids that are no CVE.
Python 3.9 or newer, standard library alone.
"""
import argparse, csv, datetime as dt, io, json, random

LAYOUT_A = """AWS Account Id,Severity,Fix Available,Finding Type,Title,Description,Finding ARN,First Seen,Last Seen,Last Updated,Resource ID,Container Image Tags,Region,Platform,Resource Tags,Affected Packages,Package Installed Version,Fixed in Version,Package Remediation,File Path,Network Paths,Age (Days),Remediation,Inspector Score,Inspector Score Vector,Status,Vulnerability Id,Vendor,Vendor Severity,Vendor Advisory,Vendor Advisory Published,NVD CVSS3 Score,NVD CVSS3 Vector,NVD CVSS2 Score,NVD CVSS2 Vector,Vendor CVSS3 Score,Vendor CVSS3 Vector,Vendor CVSS2 Score,Vendor CVSS2 Vector,Resource Type,Ami,Resource Public Ipv4,Resource Private Ipv4,Resource Ipv6,Resource Vpc,Port Range,Exploit Available,Last Exploited At,Lambda Layers,Lambda Package Type,Lambda Last Updated At,Reference Urls""".split(",")


def layout(name):
    """The column names of layout A (52 columns), B (54), C (55) or D (57), in order."""
    columns = list(LAYOUT_A)
    if name >= "B":
        columns.insert(columns.index("Exploit Available"), "Epss Score")
        columns.append("Detector Name")
    if name >= "C":
        columns.append("Package Manager")
    if name >= "D":
        columns += ["Image Last In Use At", "Image In Use Count"]
    return columns


SEVERITIES = {"CRITICAL": .045, "HIGH": .39, "MEDIUM": .44, "LOW": .06, "UNTRIAGED": .04, "INFORMATIONAL": .025}
SCORE = {"CRITICAL": (9.0, 10.0), "HIGH": (7.0, 8.9), "MEDIUM": (4.0, 6.9), "LOW": (0.1, 3.9)}
PLATFORMS = ["AMAZON_LINUX_2", "AMAZON_LINUX_2023", "UBUNTU_22_04", "UBUNTU_20_04", "DEBIAN_12", "ALPINE_LINUX_3_18", "WINDOWS_SERVER_2019", "RHEL_8", "UNKNOWN", ""]
REGIONS = ["ap-northeast-1"] * 5 + ["us-east-1"] * 3 + ["ap-northeast-3", "us-west-2", "eu-west-1"]
OS_PACKAGES = "openssl glibc curl libxml2 systemd kernel linux-image-aws perl-base openssh-server sudo vim bash libtiff6 libwebp7 nghttp2 expat zlib1g sqlite3 git".split()
APP_PACKAGES = {"JAR": "log4j-core jackson-databind spring-webmvc commons-text snakeyaml".split(), "PYTHONPKG": "requests urllib3 jinja2 django".split(), "NODEPKG": "lodash minimist axios express @babel/traverse @npmcli/arborist".split(), "GOBINARY": "golang.org/x/net stdlib github.com/docker/docker".split(), "GEMSPEC": "rexml nokogiri rack".split(), "GENERIC": ["go/stdlib"]}
SUBSYSTEMS = "bpf netfilter drm/amdgpu usb net/sched ext4 btrfs KVM nvme-tcp scsi Bluetooth tipc smb/client io_uring xfs cgroup".split()
WORDS = """the a of in to and when that is may allows attacker remote local user before version through via crafted request memory buffer overflow use-after-free
read write out-of-bounds null pointer dereference denial service arbitrary code execution privilege escalation information disclosure improper validation input handling
parsing header field length integer race condition deadlock leak function kernel driver device packet socket connection server client certificate verification stream
resource exhaustion malformed XML JSON YAML document deserialization untrusted data path traversal directory file archive template injection shell escape regular expression
authentication bypass session token cookie default configuration affected releases fixed upstream patch commit issue lead result cause crash confidentiality availability""".split()
CODE_DETECTORS = [("Log injection", "CWE-117"), ("Hardcoded credentials", "CWE-798"), ("OS command injection", "CWE-78"), ("Insecure temporary file", "CWE-377")]


class Generator:
    def __init__(self, rows, seed, vulnerabilities, resources, accounts=24):
        self.r = random.Random(seed)
        self.rows = rows
        self.base = dt.datetime(2026, 11, 1)
        self.accounts = ["000123456789"] + ["%012d" % self.r.randrange(10**12) for _ in range(accounts - 1)]
        self.vulnerabilities = [self.vulnerability() for _ in range(vulnerabilities)]
        self.resources = [self.resource(i) for i in range(resources)]
        self.instances = [x for x in self.resources if x["type"] == "AWS_EC2_INSTANCE"]
        self.functions = [x for x in self.resources if x["type"] == "AWS_LAMBDA_FUNCTION"]
        # A few vulnerabilities are everywhere, most are rare.
        self.weights = [1 / (rank + 8) ** .75 for rank in range(vulnerabilities)]

    def hex(self, n):
        return "".join(self.r.choices("0123456789abcdef", k=n))

    def prose(self, n):
        out = []
        while sum(map(len, out)) + len(out) < n:
            words = " ".join(self.r.choices(WORDS, k=self.r.randint(8, 24)))
            out.append(words[0].upper() + words[1:] + ".")
        return " ".join(out)[:n].rstrip()

    def description(self):
        n = int(self.r.triangular(180, 1024, 420))
        if self.r.random() < .1:  # kernel advisories: several lines, quotes, angle brackets
            trace = "\n".join(f"  [<{self.hex(16)}>] {self.r.choice(SUBSYSTEMS).split('/')[-1]}_alloc+0x{self.hex(2)}/0x{self.hex(3)}" for _ in range(4))
            return (f"In the Linux kernel, the following vulnerability has been resolved:\n\n{self.r.choice(SUBSYSTEMS)}: fix a use-after-free\n\n{self.prose(n // 2)}\n\nCall Trace:\n <TASK>\n{trace}\n </TASK>\n\n\"refcount_t: underflow\" & related < 0 checks, C:\\temp\\x.")[:1024]
        text = self.prose(n)
        if self.r.random() < .03:
            text = (text[:900] + " 細工されたリクエストによりサービス運用妨害 (DoS) 状態となる可能性があります。é 🔒")
        return text

    def vector3(self):
        return "CVSS:3.1/AV:%s/AC:%s/PR:%s/UI:%s/S:%s/C:%s/I:%s/A:%s" % tuple(self.r.choice(x) for x in ("NLA", "LH", "NLH", "NR", "UC", "NLH", "NLH", "NLH"))

    def vulnerability(self):
        r = self.r
        severity = r.choices(list(SEVERITIES), list(SEVERITIES.values()))[0]
        year = r.randint(2016, 2026)
        kind = r.random()
        vid = f"CVE-{year}-{r.randint(1000, 59999)}" if kind < .93 else f"GHSA-{self.hex(4)}-{self.hex(4)}-{self.hex(4)}" if kind < .97 else r.choice(["IN-DISCONTINUED-001", "MAL-2022-4691", f"USN-{r.randint(4000, 7900)}-1", f"ALAS2-{year}-{r.randint(1000, 2999)}"])
        windows, os_package = r.random() < .2, r.random() < .6
        manager = "OS" if os_package else r.choice(list(APP_PACKAGES))
        package = r.choice(OS_PACKAGES if os_package else APP_PACKAGES[manager])
        installed = f"{r.randint(0, 9)}.{r.randint(0, 40)}.{r.randint(0, 20)}"
        vendor = r.choice(["NVD", "UBUNTU_CVE", "AMAZON_CVE", "DEBIAN_CVE", "REDHAT_CVE", "GITHUB"])
        score = round(r.uniform(*SCORE[severity]), 1) if severity in SCORE else None
        published = dt.datetime(year, r.randint(1, 12), r.randint(1, 28), r.randint(0, 23), r.randint(0, 59), r.randint(0, 59))
        urls = [f"https://nvd.nist.gov/vuln/detail/{vid}"] + [f"https://advisories.example/{year}/{self.hex(12)}" for _ in range(r.randint(0, 5))]
        names = [] if windows else [package, package + "-libs", package + "-devel"][:r.randint(1, 3) if os_package else 1]
        return dict(id=vid, severity=severity, description=self.description(), vendor=vendor, score=score, published=published, urls=urls, names=names, manager=manager, os=os_package,
                    installed=installed + (f"-{r.randint(1, 9)}.amzn2" if os_package else ""), fixed=installed + str(r.randint(1, 9)) if r.random() < .9 else "NotAvailable",
                    vector3=self.vector3(), old=year < 2019, score2=round(r.uniform(2, 10), 1), epss=round(r.betavariate(.4, 20), 5), exploit=r.random() < .12,
                    vendor_severity=r.choice(["Important", "Moderate", "Low", "Critical", "medium", "high", "unimportant", "not yet assigned"]))

    def resource(self, i):
        r = self.r
        kind = r.choices(["AWS_EC2_INSTANCE", "AWS_ECR_CONTAINER_IMAGE", "AWS_LAMBDA_FUNCTION"], [.5, .38, .12])[0]
        account, region = r.choice(self.accounts), r.choice(REGIONS)
        tags = {"Name": f"{r.choice(['web', 'api', 'batch', 'db'])}-{r.choice(['prd', 'stg', 'dev'])}-{i:04d}", "Owner": r.choice(["基盤チーム", "アプリ開発部", "platform", "security"]), "aws:cloudformation:stack-name": "stack-" + self.hex(8)}
        if kind == "AWS_EC2_INSTANCE":
            rid = "i-" + self.hex(17)
        elif kind == "AWS_ECR_CONTAINER_IMAGE":
            rid = f"arn:aws:ecr:{region}:{account}:repository/{r.choice(['shop', 'core', 'ml'])}/{r.choice(['api', 'web', 'worker'])}/sha256:{self.hex(64)}"
            tags = {} if r.random() < .6 else tags
        else:
            rid = f"arn:aws:lambda:{region}:{account}:function:{r.choice(['resize', 'notify', 'ingest'])}-{self.hex(6)}:$LATEST"
        public = [f"203.0.113.{r.randint(1, 254)}"] if r.random() < .3 else []
        return dict(type=kind, account=account, region=region, tags=tags, id=rid, platform=r.choice(PLATFORMS), ami="ami-" + self.hex(17), public=public,
                    private=[f"10.{r.randint(0, 255)}.{r.randint(0, 255)}.{r.randint(1, 254)}"], vpc="vpc-" + self.hex(17), image_tags=r.choice([["latest"], ["v1.4.2"], ["prod", f"release-{r.randint(100, 999)}"], []]), in_use=r.randint(0, 12))

    def findings(self):
        """Yield one dict a finding, in values that both formats are rendered from."""
        r = self.r
        picks = r.choices(self.vulnerabilities, self.weights, k=self.rows)
        for v in picks:
            dice = r.random()
            res = r.choice(self.instances if dice < .015 else self.functions if dice < .025 else self.resources)
            first = self.base - dt.timedelta(seconds=r.randrange(86400 * 400), milliseconds=r.randrange(1000))
            f = dict(res=res, arn=f"arn:aws:inspector2:{res['region']}:{res['account']}:finding/{self.hex(32)}", first=first, last=min(self.base, first + dt.timedelta(seconds=r.randrange(86400 * 30))),
                     status=r.choices(["ACTIVE", "CLOSED", "SUPPRESSED"], [.9, .07, .03])[0])
            if dice < .015:
                port = r.choice([22, 3389, 443, 80, 3306])
                f.update(type="NETWORK_REACHABILITY", severity=r.choice(["MEDIUM", "HIGH", "INFORMATIONAL", "LOW"]), port=port, title=f"Port {port} is reachable from an Internet Gateway - TCP",
                         description=f"On the instance {res['id']}, the port range {port}-{port} is reachable from the InternetGateway igw-{self.hex(17)} from an attached ENI eni-{self.hex(17)}.",
                         steps=["igw-" + self.hex(8), "acl-" + self.hex(8), "sg-" + self.hex(8), "eni-" + self.hex(8), res["id"]], remediation="You can restrict access to your instance by modifying the Security Groups or ACLs in the network path.")
            elif dice < .025:
                detector, cwe = r.choice(CODE_DETECTORS)
                f.update(type="CODE_VULNERABILITY", severity=r.choice(["HIGH", "MEDIUM", "LOW"]), title=f"{cwe} - {detector}", detector=detector, cwe=cwe, path=f"src/handlers/{r.choice(['order', 'user', 'report'])}.py", line=r.randint(1, 400),
                         description=self.prose(300), remediation="Validate the value first.\n\nSee [the guide](https://docs.example/guide), then:\n\n```\nvalue = clean(value)\n```")
            else:
                names = v["names"]
                f.update(type="PACKAGE_VULNERABILITY", severity=v["severity"], v=v, title=v["id"] + (" - " + ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "") if names else ""), description=v["description"], remediation="None Provided",
                         fix="YES" if not names else "NO" if v["fixed"] == "NotAvailable" else "PARTIAL" if len(names) > 1 and r.random() < .1 else "YES",
                         path="" if v["os"] or not names else r.choice([f"app/lib/{names[0]}-{v['installed']}.jar", f"usr/lib/python3/site-packages/{names[0]}.dist-info/METADATA", f"vol-{self.hex(8)}:/p1:usr/bin/{names[0].split('/')[-1]}"]))
            yield f


def stamp(t):
    return t.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (t.microsecond // 1000) if t else ""


def row(f, base):
    """One finding as {column name: cell}."""
    res, v = f["res"], f.get("v")
    ec2, ecr, lam = (res["type"] == t for t in ("AWS_EC2_INSTANCE", "AWS_ECR_CONTAINER_IMAGE", "AWS_LAMBDA_FUNCTION"))
    c = {"AWS Account Id": res["account"], "Severity": f["severity"], "Fix Available": f.get("fix", ""), "Finding Type": f["type"], "Title": f["title"], "Description": f["description"], "Finding ARN": f["arn"],
         "First Seen": stamp(f["first"]), "Last Seen": stamp(f["last"]), "Last Updated": stamp(f["last"]), "Resource ID": res["id"], "Region": res["region"], "Platform": res["platform"], "Resource Tags": ",".join(f"{k}:{x}" for k, x in res["tags"].items()),
         "Age (Days)": (base - f["first"]).days, "Remediation": f["remediation"], "Status": f["status"], "Resource Type": res["type"], "File Path": f.get("path", ""), "Detector Name": f.get("detector", "")}
    if ec2:
        c.update({"Ami": res["ami"], "Resource Public Ipv4": ",".join(res["public"]), "Resource Private Ipv4": ",".join(res["private"]), "Resource Vpc": res["vpc"]})
    if ecr:
        c.update({"Container Image Tags": ", ".join(res["image_tags"]), "Image Last In Use At": stamp(f["last"]) if res["in_use"] else "", "Image In Use Count": res["in_use"]})
    if lam:
        c.update({"Lambda Package Type": "ZIP", "Lambda Last Updated At": stamp(f["first"]), "Lambda Layers": f"arn:aws:lambda:{res['region']}:{res['account']}:layer:common:7" if res["in_use"] > 6 else ""})
    if f["type"] == "NETWORK_REACHABILITY":
        c.update({"Network Paths": ", ".join(f["steps"]), "Port Range": f"{f['port']}-{f['port']}"})
    if v:
        n = len(v["names"])
        c.update({"Vulnerability Id": v["id"], "Vendor": v["vendor"], "Vendor Severity": v["vendor_severity"], "Vendor Advisory": v["urls"][0], "Vendor Advisory Published": stamp(v["published"]), "Epss Score": v["epss"], "Exploit Available": "YES" if v["exploit"] else "NO",
                  "Last Exploited At": stamp(f["last"]) if v["exploit"] else "", "Reference Urls": ",".join(v["urls"]), "Affected Packages": ", ".join(v["names"]), "Package Installed Version": ", ".join([v["installed"]] * n), "Fixed in Version": ", ".join([v["fixed"]] * n),
                  "Package Remediation": ", ".join(f"yum update {x}" for x in v["names"]) if v["os"] and v["fixed"] != "NotAvailable" else "NotAvailable" if n else "", "Package Manager": v["manager"] if n else ""})
        if v["score"] is not None:
            c.update({"Inspector Score": v["score"], "Inspector Score Vector": v["vector3"], "NVD CVSS3 Score": v["score"], "NVD CVSS3 Vector": v["vector3"]})
            if v["vendor"] != "NVD":
                c.update({"Vendor CVSS3 Score": v["score"], "Vendor CVSS3 Vector": v["vector3"]})
            if v["old"]:
                c.update({"NVD CVSS2 Score": v["score2"], "NVD CVSS2 Vector": "AV:N/AC:L/Au:N/C:P/I:P/A:P"})
    return c


def record(f):
    """One finding in the shape of the API's Finding object."""
    res, v = f["res"], f.get("v")
    details = {}
    if res["type"] == "AWS_EC2_INSTANCE":
        details["awsEc2Instance"] = {"imageId": res["ami"], "ipV4Addresses": res["public"] + res["private"], "ipV6Addresses": [], "vpcId": res["vpc"], "platform": res["platform"], "type": "t3.large"}
    elif res["type"] == "AWS_ECR_CONTAINER_IMAGE":
        name, digest = res["id"].split(":repository/")[1].rsplit("/", 1)
        details["awsEcrContainerImage"] = {"repositoryName": name, "imageHash": digest, "registry": res["account"], "imageTags": res["image_tags"], "platform": res["platform"], "architecture": "amd64", "inUseCount": res["in_use"]}
        if res["in_use"]:
            details["awsEcrContainerImage"]["lastInUseAt"] = stamp(f["last"])
    else:
        details["awsLambdaFunction"] = {"functionName": res["id"].split(":function:")[1].split(":")[0], "runtime": "PYTHON_3_12", "codeSha256": "x", "version": "$LATEST", "executionRoleArn": f"arn:aws:iam::{res['account']}:role/x", "packageType": "ZIP", "lastModifiedAt": stamp(f["first"]),
                                        "layers": [f"arn:aws:lambda:{res['region']}:{res['account']}:layer:common:7"] if res["in_use"] > 6 else []}
    out = {"awsAccountId": res["account"], "description": f["description"], "findingArn": f["arn"], "firstObservedAt": stamp(f["first"]), "lastObservedAt": stamp(f["last"]), "updatedAt": stamp(f["last"]), "remediation": {"recommendation": {"text": f["remediation"]}},
           "resources": [{"id": res["id"], "type": res["type"], "partition": "aws", "region": res["region"], "tags": res["tags"], "details": details}], "severity": f["severity"], "status": f["status"], "title": f["title"], "type": f["type"]}
    if f["type"] == "NETWORK_REACHABILITY":
        out["networkReachabilityDetails"] = {"openPortRange": {"begin": f["port"], "end": f["port"]}, "protocol": "TCP", "networkPath": {"steps": [{"componentId": s, "componentType": "AWS::EC2::Component"} for s in f["steps"]]}}
    elif f["type"] == "CODE_VULNERABILITY":
        out["codeVulnerabilityDetails"] = {"cwes": [f["cwe"]], "detectorId": "python/" + f["detector"].lower().replace(" ", "-"), "detectorName": f["detector"], "filePath": {"fileName": f["path"].split("/")[-1], "filePath": f["path"], "startLine": f["line"], "endLine": f["line"] + 2}}
    else:
        out.update(fixAvailable=f["fix"], exploitAvailable="YES" if v["exploit"] else "NO", epss={"score": v["epss"]})
        if v["exploit"]:
            out["exploitabilityDetails"] = {"lastKnownExploitAt": stamp(f["last"])}
        cvss = []
        if v["score"] is not None:
            out["inspectorScore"] = v["score"]
            out["inspectorScoreDetails"] = {"adjustedCvss": {"score": v["score"], "scoringVector": v["vector3"], "version": "3.1", "scoreSource": v["vendor"], "cvssSource": v["vendor"], "adjustments": []}}
            cvss = [{"baseScore": v["score"], "scoringVector": v["vector3"], "source": s, "version": "3.1"} for s in dict.fromkeys(["NVD", v["vendor"]])]
            if v["old"]:
                cvss.append({"baseScore": v["score2"], "scoringVector": "AV:N/AC:L/Au:N/C:P/I:P/A:P", "source": "NVD", "version": "2.0"})
        package = lambda n: {"name": n, "version": v["installed"].split("-")[0], "release": v["installed"].split("-")[1] if "-" in v["installed"] else None, "arch": "X86_64", "epoch": 0, "packageManager": v["manager"], "fixedInVersion": v["fixed"], "filePath": f["path"] or None,
                             "remediation": f"yum update {n}" if v["os"] and v["fixed"] != "NotAvailable" else "NotAvailable"}
        out["packageVulnerabilityDetails"] = {"vulnerabilityId": v["id"], "source": v["vendor"], "sourceUrl": v["urls"][0], "vendorSeverity": v["vendor_severity"], "vendorCreatedAt": stamp(v["published"]), "referenceUrls": v["urls"], "relatedVulnerabilities": [], "cvss": cvss,
                                              "vulnerablePackages": [{k: x for k, x in package(n).items() if x is not None} for n in v["names"]]}
    return out


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("out", help="file to write")
    p.add_argument("--rows", type=int, default=1000)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--vulnerabilities", type=int, default=4000)
    p.add_argument("--resources", type=int, default=1500)
    p.add_argument("--accounts", type=int, default=24)
    p.add_argument("--layout", choices="ABCD", default="C", help="A 52 columns, B 54, C 55 (default), D 57")
    p.add_argument("--json", action="store_true", help="write {\"findings\": [...]} instead of CSV")
    p.add_argument("--quote-all", action="store_true")
    p.add_argument("--crlf", action="store_true")
    p.add_argument("--bom", action="store_true")
    p.add_argument("--delimiter", default=",")
    p.add_argument("--encoding", default="utf-8", help="utf-8 (default), utf-16, shift_jis")
    p.add_argument("--shuffle-columns", action="store_true", help="another order of columns")
    p.add_argument("--extra-column", metavar="NAME", help="a column that Inspector does not write")
    p.add_argument("--drop-column", metavar="NAME", action="append", default=[])
    a = p.parse_args()
    g = Generator(a.rows, a.seed, a.vulnerabilities, a.resources, a.accounts)
    if a.json:
        with open(a.out, "w", encoding="utf-8") as out:
            out.write('{"findings":[')
            for i, f in enumerate(g.findings()):
                out.write((",\n" if i else "") + json.dumps(record(f), ensure_ascii=False))
            out.write("]}\n")
        return
    columns = [c for c in layout(a.layout) if c not in a.drop_column] + ([a.extra_column] if a.extra_column else [])
    if a.shuffle_columns:
        random.Random(a.seed).shuffle(columns)
    encoding = "utf-8-sig" if a.bom and a.encoding == "utf-8" else a.encoding
    with open(a.out, "w", newline="", encoding=encoding, errors="replace") as out:
        w = csv.DictWriter(out, columns, restval="", extrasaction="ignore", delimiter=a.delimiter, quoting=csv.QUOTE_ALL if a.quote_all else csv.QUOTE_MINIMAL, lineterminator="\r\n" if a.crlf else "\n")
        w.writeheader()
        for i, f in enumerate(g.findings()):
            cells = row(f, g.base)
            if a.extra_column:
                cells[a.extra_column] = f"note {i}"
            w.writerow(cells)


if __name__ == "__main__":
    main()
