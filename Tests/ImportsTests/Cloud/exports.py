"""Makes resources in an imitation of AWS and prints them as piculet, miam and roadworker export them.

What the tools write, and what they leave out, is as in their exporters and converters:
https://github.com/codenize-tools/piculet, https://github.com/codenize-tools/miam,
https://github.com/codenize-tools/roadworker.
"""

import json
import sys

import boto3

SETTINGS = {
    "endpoint_url": sys.argv[1],
    "region_name": "ap-northeast-1",
    "aws_access_key_id": "test",
    "aws_secret_access_key": "test",
}
ec2 = boto3.client("ec2", **SETTINGS)
iam = boto3.client("iam", **SETTINGS)
route53 = boto3.client("route53", **SETTINGS)
TAGS = [{"Key": "team", "Value": "news"}]


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


S3 = {"Effect": "Allow", "Action": ["s3:Get*", "s3:List*"], "Resource": "arn:aws:s3:::news/${aws:username}/*"}
ASSUMED = {"Sid": "", "Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}


# What is there


def make_groups():
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]

    def group(name, description, **more):
        return ec2.create_security_group(GroupName=name, Description=description, VpcId=vpc, **more)["GroupId"]

    database = group("db", "database")
    web = group(
        "web",
        "the front",
        TagSpecifications=[{"ResourceType": "security-group", "Tags": [{"Key": "Name", "Value": "web"}, *TAGS]}],
    )
    anywhere = [{"CidrIp": "0.0.0.0/0", "Description": "everybody"}]
    ec2.authorize_security_group_ingress(
        GroupId=web,
        IpPermissions=[
            {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": anywhere},
            {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]},
            {"IpProtocol": "udp", "FromPort": 60000, "ToPort": 61000, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
            {"IpProtocol": "icmp", "FromPort": -1, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
            {"IpProtocol": "50", "FromPort": -1, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]},
        ],
    )
    ec2.authorize_security_group_ingress(
        GroupId=database,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 3306,
                "ToPort": 3306,
                "IpRanges": [{"CidrIp": "10.1.0.0/16"}, {"CidrIp": "10.2.0.0/16"}],
                "UserIdGroupPairs": [{"GroupId": web}, {"GroupId": database}],
            },
            {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": database}], "FromPort": -1, "ToPort": -1},
        ],
    )
    return vpc


def make_users():
    iam.create_policy(
        PolicyName="reading", Path="/team/", Description="reads", PolicyDocument=document(S3), Tags=TAGS
    )
    iam.create_group(GroupName="Admin", Path="/admin/")
    iam.put_group_policy(GroupName="Admin", PolicyName="all", PolicyDocument=document(S3))
    iam.attach_group_policy(GroupName="Admin", PolicyArn="arn:aws:iam::aws:policy/AdministratorAccess")
    iam.create_group(GroupName="Readers")
    iam.create_user(UserName="bob", Path="/developer/", Tags=TAGS)
    iam.create_login_profile(UserName="bob", Password="s3cret-of-bob")
    iam.put_user_policy(UserName="bob", PolicyName="own", PolicyDocument=document(S3))
    for name in ["Admin", "Readers"]:
        iam.add_user_to_group(GroupName=name, UserName="bob")
    iam.create_user(UserName="mary@example.com")
    iam.attach_user_policy(UserName="mary@example.com", PolicyArn="arn:aws:iam::123456789012:policy/team/reading")
    iam.create_role(
        RoleName="web", AssumeRolePolicyDocument=document(ASSUMED), Description="of the front",
        MaxSessionDuration=7200, Tags=TAGS,
    )
    iam.put_role_policy(RoleName="web", PolicyName="own", PolicyDocument=document(S3))
    iam.attach_role_policy(RoleName="web", PolicyArn="arn:aws:iam::123456789012:policy/team/reading")
    iam.create_instance_profile(InstanceProfileName="web-profile", Path="/web/", Tags=TAGS)
    iam.add_role_to_instance_profile(InstanceProfileName="web-profile", RoleName="web")
    iam.create_role(
        RoleName="AWSServiceRoleForSupport", Path="/aws-service-role/support.amazonaws.com/",
        AssumeRolePolicyDocument=document(ASSUMED),
    )


def make_zones(vpc):
    public = route53.create_hosted_zone(
        Name="example.com", CallerReference="1", HostedZoneConfig={"Comment": "the public one"}
    )["HostedZone"]["Id"]
    private = route53.create_hosted_zone(
        Name="example.internal",
        CallerReference="2",
        VPC={"VPCRegion": "ap-northeast-1", "VPCId": vpc},
        HostedZoneConfig={"Comment": "the private one", "PrivateZone": True},
    )["HostedZone"]["Id"]

    def check(reference, **config):
        made = route53.create_health_check(CallerReference=reference, HealthCheckConfig=config)
        return made["HealthCheck"]["Id"]

    checks = [
        check(
            "1", Type="HTTP_STR_MATCH", IPAddress="192.0.2.1", Port=80, ResourcePath="/health", RequestInterval=30,
            FailureThreshold=3, FullyQualifiedDomainName="www.example.com", SearchString="ok",
        ),
        check("2", Type="TCP", IPAddress="192.0.2.2", Port=3306, RequestInterval=10, FailureThreshold=5),
    ]
    checks.append(check("3", Type="CALCULATED", ChildHealthChecks=checks[:2], HealthThreshold=1))

    def add(zone, name, kind, *values, **more):
        record = {"Name": name, "Type": kind, **more}
        if values:
            record |= {"TTL": 300, "ResourceRecords": [{"Value": value} for value in values]}
        route53.change_resource_record_sets(
            HostedZoneId=zone, ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": record}]}
        )

    def alias(zone, target, healthy):
        return {
            "AliasTarget": {"HostedZoneId": zone.split("/")[-1], "DNSName": target, "EvaluateTargetHealth": healthy}
        }

    one = "192.0.2.1"
    add(public, "example.com.", "A", one, "192.0.2.2")
    add(public, "example.com.", "AAAA", "2001:db8::1")
    add(public, "example.com.", "MX", "10 mx1.example.com", "20 mx2.example.com")
    add(public, "example.com.", "CAA", '0 issue "letsencrypt.org"')
    add(public, "example.com.", "TXT", '"v=spf1 include:example.net -all"', '"a \\"quoted\\" ${word}"')
    add(public, "key._domainkey.example.com.", "TXT", f'"{"k" * 255}" "{"l" * 100}"')
    add(public, "_sip._tcp.example.com.", "SRV", "1 10 5060 sip.example.com.")
    add(public, "weighted.example.com.", "A", one, SetIdentifier="one_of", Weight=0)
    add(public, "weighted.example.com.", "A", one, SetIdentifier="two of", Weight=255)
    add(public, "near.example.com.", "A", one, SetIdentifier="tokyo", Region="ap-northeast-1")
    add(public, "geo.example.com.", "A", one, SetIdentifier="japan", GeoLocation={"CountryCode": "JP"})
    add(public, "geo.example.com.", "A", one, SetIdentifier="asia", GeoLocation={"ContinentCode": "AS"})
    add(public, "geo.example.com.", "A", one, SetIdentifier="all", GeoLocation={"CountryCode": "*"})
    for index, role in enumerate(["PRIMARY", "SECONDARY"]):
        add(
            public, "safe.example.com.", "A", one, SetIdentifier=role, Failover=role, HealthCheckId=checks[index]
        )
    add(public, "calculated.example.com.", "A", one, SetIdentifier="c", Weight=1, HealthCheckId=checks[2])
    add(public, "lb.example.com.", "A", **alias("Z14GRHDCWA56QT", "lb-1.ap-northeast-1.elb.amazonaws.com.", True))
    add(public, "nlb.example.com.", "A", **alias("Z31USIVHYNEOWT", "n-1.elb.ap-northeast-1.amazonaws.com.", False))
    add(public, "cdn.example.com.", "A", **alias("Z2FDTNDATAQYW2", "d1.cloudfront.net.", False))
    add(public, "same.example.com.", "A", **alias(public, "example.com.", False))
    add(private, "db.example.internal.", "CNAME", "db-1.example.com")
    # What an export cannot tell, and a person must.
    return dict(zip(["http_192_0_2_1_80_health", "tcp_192_0_2_2_3306", "calculated"], checks))


# As the tools write it


def ruby(value):
    """As Ruby inspects it."""
    if isinstance(value, str):
        text = value.replace("\\", "\\\\").replace('"', '\\"')
        for sign in "{$@":
            text = text.replace("#" + sign, "\\#" + sign)
        return f'"{text}"'
    if isinstance(value, dict):
        return "{" + ", ".join(f"{ruby(key)}=>{ruby(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(ruby, value)) + "]"
    if value is None or isinstance(value, bool):
        return {True: "true", False: "false", None: "nil"}[value]
    return str(value)


def listed(name, values, indent, nothing=None):
    inner = (",\n" + " " * (indent + 2)).join(map(ruby, values)) if values else nothing
    return f"{name}(\n{' ' * (indent + 2)}{inner}\n{' ' * indent})"


def groups():
    """By VPC and id, as piculet's JSON has it."""
    result = {}
    for group in sorted(ec2.describe_security_groups()["SecurityGroups"], key=lambda group: group["GroupName"]):
        result.setdefault(group["VpcId"], {})[group["GroupId"]] = {
            "name": group["GroupName"],
            "description": group["Description"],
            "tags": {tag["Key"]: tag["Value"] for tag in group.get("Tags", [])},
            "owner_id": group["OwnerId"],
            "ingress": [permission(one) for one in group["IpPermissions"]],
            "egress": [permission(one) for one in group["IpPermissionsEgress"]],
        }
    return result


def permission(one):
    """Neither IPv6 ranges nor prefix lists are in it."""
    names = {group["GroupId"]: group["GroupName"] for group in ec2.describe_security_groups()["SecurityGroups"]}
    is_any = one["IpProtocol"] == "-1"
    has_ports = one["IpProtocol"] in ("tcp", "udp", "icmp")
    return {
        "protocol": "any" if is_any else one["IpProtocol"],
        "port_range": f"{one['FromPort']}..{one['ToPort']}" if has_ports else None,
        "ip_ranges": sorted(item["CidrIp"] for item in one["IpRanges"]),
        "groups": [
            {"id": pair["GroupId"], "name": names[pair["GroupId"]], "owner_id": pair["UserId"]}
            for pair in one["UserIdGroupPairs"]
        ],
    }


def groupfile(exported):
    lines = []
    for vpc, members in exported.items():
        lines.append(f"ec2 {ruby(vpc)} do")
        for group in members.values():
            lines.append(f"  security_group {ruby(group['name'])} do\n    description {ruby(group['description'])}\n")
            if group["tags"]:
                pairs = ",\n      ".join(f"{ruby(key)} => {ruby(value)}" for key, value in group["tags"].items())
                lines.append(f"    tags(\n      {pairs}\n    )\n")
            for direction in ["ingress", "egress"]:
                if group[direction]:
                    lines.append(f"    {direction} do")
                    lines += [written(one) for one in group[direction]]
                    lines.append("    end\n")
            lines.append("  end\n")
        lines.append("end\n")
    return "\n".join(lines)


def written(one):
    name = f':"{one["protocol"]}"' if one["protocol"].isdigit() else f":{one['protocol']}"
    text = f"      permission {name}" + (f", {one['port_range']}" if one["port_range"] else "") + " do\n"
    if one["ip_ranges"]:
        text += "        " + listed("ip_ranges", one["ip_ranges"], 8) + "\n"
    if one["groups"]:
        text += "        " + listed("groups", [group["name"] for group in one["groups"]], 8) + "\n"
    return text + "      end"


def account():
    details = iam.get_account_authorization_details()

    def inline(entry, kind):
        return {policy["PolicyName"]: policy["PolicyDocument"] for policy in entry.get(f"{kind}PolicyList", [])}

    def attached(entry):
        return [policy["PolicyArn"] for policy in entry["AttachedManagedPolicies"]]

    result = {"users": {}, "groups": {}, "roles": {}, "instance_profiles": {}, "policies": {}}
    for user in details["UserDetailList"]:
        result["users"][user["UserName"]] = {
            "path": user["Path"], "groups": user["GroupList"], "policies": inline(user, "User"),
            "attached_managed_policies": attached(user),
        }
        if user["UserName"] == "bob":
            result["users"]["bob"]["login_profile"] = {"password_reset_required": False}
    for group in details["GroupDetailList"]:
        result["groups"][group["GroupName"]] = {
            "path": group["Path"], "policies": inline(group, "Group"), "attached_managed_policies": attached(group),
        }
    for role in details["RoleDetailList"]:
        result["roles"][role["RoleName"]] = {
            "path": role["Path"], "assume_role_policy_document": role["AssumeRolePolicyDocument"],
            "instance_profiles": [profile["InstanceProfileName"] for profile in role["InstanceProfileList"]],
            "policies": inline(role, "Role"), "attached_managed_policies": attached(role),
            "max_session_duration": iam.get_role(RoleName=role["RoleName"])["Role"]["MaxSessionDuration"],
        }
    for profile in iam.list_instance_profiles()["InstanceProfiles"]:
        result["instance_profiles"][profile["InstanceProfileName"]] = {"path": profile["Path"]}
    for policy in iam.list_policies(Scope="Local")["Policies"]:
        version = iam.get_policy_version(PolicyArn=policy["Arn"], VersionId=policy["DefaultVersionId"])
        result["policies"][policy["PolicyName"]] = {
            "path": policy["Path"], "document": version["PolicyVersion"]["Document"],
        }
    return result


def iamfile(exported):
    lines = []
    for section, kind in [("users", "user"), ("groups", "group"), ("roles", "role")]:
        for name, entry in sorted(exported[section].items()):
            lines.append(f"{kind} {ruby(name)}, :path=>{ruby(entry['path'])} do")
            if kind == "user":
                has_login = "login_profile" in entry
                lines.append(f"  {'' if has_login else '# '}login_profile :password_reset_required=>false\n")
                lines.append("  " + listed("groups", entry["groups"], 2, "# no group") + "\n")
            if kind == "role":
                lines.append("  " + listed("instance_profiles", entry["instance_profiles"], 2, "# no profile") + "\n")
                lines.append(f"  max_session_duration {entry['max_session_duration']}\n")
                lines.append(f"  assume_role_policy_document do\n    {ruby(entry['assume_role_policy_document'])}\n  end\n")
            for policy, text in entry["policies"].items():
                lines.append(f"  policy {ruby(policy)} do\n    {ruby(text)}\n  end\n")
            managed = entry["attached_managed_policies"]
            lines.append("  " + listed("attached_managed_policies", managed, 2, "# attached_managed_policy"))
            lines.append("end\n")
    for name, entry in sorted(exported["instance_profiles"].items()):
        lines.append(f"instance_profile {ruby(name)}, :path=>{ruby(entry['path'])}\n")
    for name, entry in sorted(exported["policies"].items()):
        lines.append(f"managed_policy {ruby(name)}, :path=>{ruby(entry['path'])} do\n  {ruby(entry['document'])}\nend\n")
    return "\n".join(lines)


def routefile():
    checks = {check["Id"]: check["HealthCheckConfig"] for check in route53.list_health_checks()["HealthChecks"]}
    lines = []
    for zone in route53.list_hosted_zones()["HostedZones"]:
        networks = route53.get_hosted_zone(Id=zone["Id"]).get("VPCs", [])
        identity = f", {ruby(zone['Id'].split('/')[-1])}" if networks else ""
        lines.append(f"hosted_zone {ruby(zone['Name'])}{identity} do")
        lines += [f"  vpc {ruby(one['VPCRegion'])}, {ruby(one['VPCId'])}\n" for one in networks]
        for record in route53.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]:
            if record["Name"] == zone["Name"] and record["Type"] in ("SOA", "NS"):
                continue
            lines.append(f"  rrset {ruby(record['Name'])}, {ruby(record['Type'])} do")
            names = {"SetIdentifier": "set_identifier", "Weight": "weight", "TTL": "ttl", "Region": "region"}
            for key, name in (names | {"Failover": "failover"}).items():
                if key in record:
                    lines.append(f"    {name} {ruby(record[key])}")
            if place := record.get("GeoLocation"):
                words = {"CountryCode": "country_code", "ContinentCode": "continent_code"}
                pairs = ", ".join(f":{words[key]}=>{ruby(value)}" for key, value in place.items())
                lines.append(f"    geo_location {pairs}")
            if "HealthCheckId" in record:
                lines.append("    health_check " + health_check(checks[record["HealthCheckId"]]))
            if values := record.get("ResourceRecords"):
                lines.append("    " + listed("resource_records", [item["Value"] for item in values], 4))
            if target := record.get("AliasTarget"):
                more = ", :evaluate_target_health=>true" if target["EvaluateTargetHealth"] else ""
                lines.append(f"    dns_name {ruby(target['DNSName'])}{more}")
            lines.append("  end\n")
        lines.append("end\n")
    return "\n".join(lines)


def health_check(config):
    kind = config["Type"].lower().replace("_str_match", "")
    if kind == "calculated":
        text = f":calculated => {ruby(config['ChildHealthChecks'])}"
    else:
        host = config.get("IPAddress") or config["FullyQualifiedDomainName"]
        path = config.get("ResourcePath", "/")
        text = ruby(f"{kind}://{host}:{config['Port']}" + (path if path != "/" else ""))
        if config.get("FullyQualifiedDomainName") and config.get("IPAddress"):
            text += f", :host => {ruby(config['FullyQualifiedDomainName'])}"
    names = {
        "SearchString": "search_string", "RequestInterval": "request_interval", "HealthThreshold": "health_threshold",
        "FailureThreshold": "failure_threshold", "MeasureLatency": "measure_latency", "Inverted": "inverted",
        "EnableSNI": "enable_sni",
    }
    for key, name in names.items():
        if config.get(key) is not None:
            text += f", :{name} => {ruby(config[key])}"
    return text


make_users()
identifiers = make_zones(make_groups())
exported_groups = groups()
exported_account = account()
print(
    json.dumps(
        {
            "files": {
                "Groupfile": groupfile(exported_groups), "groups.json": json.dumps(exported_groups),
                "IAMfile": iamfile(exported_account), "iam.json": json.dumps(exported_account),
                "Routefile": routefile(),
            },
            "healthChecks": identifiers,
        }
    )
)
