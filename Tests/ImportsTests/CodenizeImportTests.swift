import Definitions
import Kubernetes
import Testing

import Imports

struct CodenizeImportTests {
  func terraform(_ text: String, _ tool: CodenizeImport.Tool) throws -> (json: JSONValue, result: ImportResult) {
    let result = try CodenizeImport.read([ImportSource(name: "export", text: text)], of: tool)
    let file = try #require(result.files.first)
    return (try JSONValue(parsing: file.text), result)
  }

  /// The id that each import block gives, by what it imports.
  func imports(_ json: JSONValue) -> [String: String] {
    Dictionary(
      (json["import"]?.arrayValue ?? []).map { ($0["to"]?.stringValue ?? "", $0["id"]?.stringValue ?? "") },
      uniquingKeysWith: { _, _ in "twice" })
  }

  static let groupfile = #"""
    # An export
    ec2 "vpc-1" do
      security_group "web" do
        description "the \"web\" ${x}"

        tags(
          "Name" => "web",
          "team" => "news"
        )

        ingress do
          permission :tcp, 80..80 do
            ip_ranges(
              "0.0.0.0/0",
              "::/0"
            )
            groups(
              "db",
              ["999", "sg-9"]
            )
          end
          permission :icmp, -1..-1 do
            ip_ranges("10.0.0.0/8")
          end
        end

        egress do
          permission :any do
            ip_ranges(
              "0.0.0.0/0"
            )
          end
        end
      end

      security_group "db" do
        description "db"
      end
    end

    ec2 do
      security_group "old" do
        description "classic"
      end
    end
    """#

  @Test func piculetRuby() throws {
    let (json, result) = try terraform(Self.groupfile, .piculet)
    let web = json["resource"]?["aws_security_group"]?["web"]
    #expect(web?["description"] == .string("the \"web\" $${x}"))
    #expect(web?["tags"] == ["Name": "web", "team": "news"])
    #expect(web?["vpc_id"] == "vpc-1")
    let ingress = json["resource"]?["aws_vpc_security_group_ingress_rule"]
    #expect(ingress?.objectValue?.count == 5)
    #expect(
      ingress?["web_tcp_80-80_0_0_0_0_0"] == [
        "security_group_id": "${aws_security_group.web.id}", "ip_protocol": "tcp", "from_port": 80, "to_port": 80,
        "cidr_ipv4": "0.0.0.0/0", "lifecycle": ["ignore_changes": ["description", "tags"]],
      ])
    #expect(ingress?["web_tcp_80-80____0"]?["cidr_ipv6"] == "::/0")
    #expect(ingress?["web_tcp_80-80_db"]?["referenced_security_group_id"] == "${aws_security_group.db.id}")
    #expect(ingress?["web_tcp_80-80_sg-9"]?["referenced_security_group_id"] == "999/sg-9")
    #expect(ingress?["web_icmp_-1--1_10_0_0_0_8"]?["from_port"] == -1)
    let egress = json["resource"]?["aws_vpc_security_group_egress_rule"]?["web_any__0_0_0_0_0"]
    #expect(
      egress == [
        "security_group_id": "${aws_security_group.web.id}", "ip_protocol": "-1", "cidr_ipv4": "0.0.0.0/0",
        "lifecycle": ["ignore_changes": ["description", "tags"]],
      ])
    // Nothing and -1 are all kinds of ICMP.
    #expect(
      ingress?["web_icmp_-1--1_10_0_0_0_8"]?["lifecycle"]?["ignore_changes"] == [
        "description", "tags", "from_port", "to_port",
      ])
    let imports = imports(json)
    #expect(imports.count == 8)
    #expect(imports["aws_security_group.web"] == "${data.aws_security_group.web.id}")
    #expect(
      imports["aws_vpc_security_group_ingress_rule.web_tcp_80-80_db"]
        == #"${local.security_group_rule_ids[join("|", [data.aws_security_group.web.id, "ingress", "tcp", "80-80", "#
        + "data.aws_security_group.db.id])]}")
    #expect(result.notCarried.map(\.line) == [42])
  }

  @Test func piculetJSON() throws {
    let text = """
      {"vpc-1": {"sg-1": {"name": "web", "description": "d", "tags": {}, "owner_id": "111", "ingress": [
        {"protocol": "tcp", "port_range": "80..90", "ip_ranges": [], "groups": [
          {"id": "sg-1", "name": "web", "owner_id": "111"}, {"id": "sg-7", "name": "x", "owner_id": "222"}]}],
        "egress": []}}}
      """
    let (json, _) = try terraform(text, .piculet)
    #expect(imports(json)["aws_security_group.web"] == "sg-1")
    let rules = json["resource"]?["aws_vpc_security_group_ingress_rule"]
    #expect(rules?["web_tcp_80-90_web"]?["referenced_security_group_id"] == "${aws_security_group.web.id}")
    #expect(rules?["web_tcp_80-90_sg-7"]?["referenced_security_group_id"] == "222/sg-7")
    #expect(json["data"]?["aws_security_group"] == nil)
  }

  static let iamfile = """
    user "bob", :path => "/developer/" do
      login_profile :password_reset_required=>true

      groups(
        "Admin"
      )

      policy "own" do
        {"Version"=>"2012-10-17",
         "Statement"=>
          [{"Action"=>["s3:Get*"], "Effect"=>"Allow", "Resource"=>"arn:aws:s3:::x/${aws:username}/*"}]}
      end

      attached_managed_policies(
        # attached_managed_policy
      )
    end

    group "Admin", :path=>"/admin/" do
      # no policy

      attached_managed_policies(
        "arn:aws:iam::aws:policy/AdministratorAccess"
      )
    end

    role "S3", path: "/" do
      instance_profiles(
        "S3"
      )

      max_session_duration 3600

      assume_role_policy_document do
        {"Version" => "2012-10-17", "Statement" => []}
      end
    end

    role "AWSServiceRoleForX", :path=>"/aws-service-role/x/" do
      assume_role_policy_document do
        {}
      end
    end

    instance_profile "S3", :path=>"/"

    managed_policy "mine", :path=>"/team/" do
      {"Version"=>"2012-10-17", "Statement"=>[]}
    end
    """

  @Test func miamRuby() throws {
    let (json, result) = try terraform(Self.iamfile, .miam)
    #expect(
      imports(json) == [
        "aws_iam_user.bob": "bob", "aws_iam_user_policy.bob_own": "bob:own",
        "aws_iam_user_group_membership.bob": "bob/Admin", "aws_iam_group.Admin": "Admin",
        "aws_iam_group_policy_attachment.Admin_AdministratorAccess":
          "Admin/arn:aws:iam::aws:policy/AdministratorAccess",
        "aws_iam_role.S3": "S3", "aws_iam_instance_profile.S3": "S3",
        "aws_iam_policy.mine":
          "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:policy"
          + "/team/mine",
      ])
    let policy = json["resource"]?["aws_iam_user_policy"]?["bob_own"]?["policy"]?.stringValue ?? ""
    #expect(policy.contains("x/$${aws:username}/*"))
    #expect(json["resource"]?["aws_iam_role"]?["S3"]?["max_session_duration"] == 3600)
    #expect(json["resource"]?["aws_iam_instance_profile"]?["S3"]?["role"] == "${aws_iam_role.S3.name}")
    #expect(result.notCarried.map(\.line) == [1, 39])
  }

  @Test func miamJSONIsAsItsRuby() throws {
    let text = """
      {"users": {}, "groups": {"Admin": {"path": "/admin/", "policies": {}, "attached_managed_policies": [
        "arn:aws:iam::aws:policy/AdministratorAccess"]}},
       "roles": {"S3": {"path": "/", "assume_role_policy_document": {"Version": "2012-10-17", "Statement": []},
         "instance_profiles": ["S3"], "policies": {}, "attached_managed_policies": [], "max_session_duration": 3600}},
       "instance_profiles": {"S3": {"path": "/"}},
       "policies": {"mine": {"path": "/team/", "document": {"Version": "2012-10-17", "Statement": []}}}}
      """
    let (json, _) = try terraform(text, .miam)
    let (ruby, _) = try terraform(Self.iamfile, .miam)
    for (type, blocks) in json["resource"]?.objectValue ?? [:] {
      for (name, body) in blocks.objectValue ?? [:] where name != "bob" {
        #expect(ruby["resource"]?[type]?[name] == body, "\(type).\(name)")
      }
    }
    #expect(imports(json).count == 5)
  }

  @Test func roadworkerRuby() throws {
    let text = #"""
      hosted_zone "example.com." do
        rrset "example.com.", "SOA" do
          ttl 900
          resource_records(
            "ns. admin. 1"
          )
        end
        rrset "a.example.com.", "A" do
          set_identifier "one"
          weight 10
          ttl 300
          resource_records(
            "10.0.0.1",
            "10.0.0.2"
          )
        end
        rrset "example.com.", "TXT" do
          ttl 60
          resource_records(
            "\"v=spf1\" \"-all\""
          )
        end
        rrset "www.example.com.", "A" do
          dns_name "d1.cloudfront.net.", :evaluate_target_health=>true
        end
        rrset "lb.example.com.", "A" do
          dns_name "x.ap-northeast-1.elb.amazonaws.com"
        end
        rrset "site.example.com.", "A" do
          dns_name "s3-website-us-east-1.amazonaws.com."
        end
        rrset "several.example.com.", "A" do
          set_identifier "one"
          ttl 60
          resource_records(
            "10.0.0.1"
          )
        end
        rrset "h.example.com.", "A" do
          health_check "http://10.0.0.1:80/", :request_interval => 30
          ttl 1
          resource_records(
            "10.0.0.1"
          )
        end
      end

      hosted_zone "example.local.", "ZX" do
        vpc "us-east-1", "vpc-1"

      end
      """#
    let (json, result) = try terraform(text, .roadworker)
    #expect(
      imports(json) == [
        "aws_route53_zone.example_com": "${data.aws_route53_zone.example_com.zone_id}",
        "aws_route53_zone.example_local": "ZX",
        "aws_route53_record.a_example_com_A_one": "${data.aws_route53_zone.example_com.zone_id}_a.example.com_A_one",
        "aws_route53_record.example_com_TXT": "${data.aws_route53_zone.example_com.zone_id}_example.com_TXT",
        "aws_route53_record.www_example_com_A": "${data.aws_route53_zone.example_com.zone_id}_www.example.com_A",
        "aws_route53_record.lb_example_com_A": "${data.aws_route53_zone.example_com.zone_id}_lb.example.com_A",
        "aws_route53_record.site_example_com_A": "${data.aws_route53_zone.example_com.zone_id}_site.example.com_A",
        "aws_route53_record.h_example_com_A": "${data.aws_route53_zone.example_com.zone_id}_h.example.com_A",
        "aws_route53_health_check.http_10_0_0_1_80_": #"${var.health_check_ids["http_10_0_0_1_80_"]}"#,
      ])
    let records = json["resource"]?["aws_route53_record"]
    #expect(records?["a_example_com_A_one"]?["weighted_routing_policy"] == ["weight": 10])
    #expect(records?["a_example_com_A_one"]?["records"] == ["10.0.0.1", "10.0.0.2"])
    #expect(records?["example_com_TXT"]?["records"] == [#"v=spf1" "-all"#])
    #expect(
      records?["www_example_com_A"]?["alias"] == [
        "name": "d1.cloudfront.net", "zone_id": "Z2FDTNDATAQYW2", "evaluate_target_health": true,
      ])
    let known = "data.aws_lb_hosted_zone_id.ap-northeast-1_application.id"
    #expect(
      records?["lb_example_com_A"]?["alias"]?["zone_id"]?.stringValue
        == "${lookup(var.alias_zone_ids, \"x.ap-northeast-1.elb.amazonaws.com\", \(known))}")
    #expect(
      records?["site_example_com_A"]?["alias"]?["zone_id"]
        == #"${var.alias_zone_ids["s3-website-us-east-1.amazonaws.com"]}"#)
    #expect(
      records?["h_example_com_A"]?["health_check_id"] == "${aws_route53_health_check.http_10_0_0_1_80_.id}")
    #expect(
      json["resource"]?["aws_route53_health_check"]?["http_10_0_0_1_80_"] == [
        "type": "HTTP", "ip_address": "10.0.0.1", "port": 80, "resource_path": "/", "request_interval": 30,
        "failure_threshold": 3, "lifecycle": ["ignore_changes": ["disabled", "regions", "tags"]],
      ])
    #expect(
      json["resource"]?["aws_route53_zone"]?["example_local"]?["vpc"] == [
        ["vpc_region": "us-east-1", "vpc_id": "vpc-1"]
      ])
    #expect(result.notCarried.map(\.line) == [2, 32])
    #expect(result.report.contains("s3-website-us-east-1.amazonaws.com") && result.report.contains("http_10_0_0_1_80_"))
  }

  @Test(arguments: [
    ("hosted_zone \"a.\" do\n  names.each do\n  end\nend", "export:2:8", "a method's call"),
    ("hosted_zone \"#{name.upcase}.\" do\nend", "export:1:14", "such a value put into it"),
    ("hosted_zone \"#{name}.\" do\nend", "export:1:13", "\"name\" is no variable that was set"),
    ("hosted_zone \"#{context.name}.\" do\nend", "export:1:13", "not known"),
    ("resp = Aws::EC2::Client.new", "export:1:8", "a class or a part of a constant, such as Aws"),
    ("rrset Aws::EC2", "export:1:7", "such as Aws"), ("if true\nend", "export:1:1", "\"if\""),
    ("x == 1", "export:1:3", "a comparison"), ("x do |y|\nend", "export:1:6", "a block with parameters"),
    ("hosted_zone \"a.\" do\n  include_template \"x\"\nend", "export:2:3", "no template \"x\""),
    ("template \"x\" do\n  include_template \"x\"\nend\ninclude_template \"x\"", "export:2:3", "deeper than 64 levels"),
    ("hosted_zone \"a.\" do", "export:1:20", "expected \"end\""), ("a \"x", "export:1:3", "does not end"),
    ("hosted_zone \"a.\" do\n{1 => 2}\nend", "export:2:2", "a key must be a text"),
    ("a [1, 2", "export:1:8", "expected"), ("`ls`", "export:1:1", "not what an export has"),
    ("a <<EOS\nEOS", "export:1:3", "\"<\""), ("a *1", "export:1:3", "no list"),
    (String(repeating: "a do\n", count: 100), "export:65:3", "nested deeper than 64 levels"),
    ("require \"other\"", "export:1:1", "is not among the files"),
    ("hosted_zone \"a.\" do\nend\nhosted_zone \"A\" do\nend", "export:3:1", "zone a is there twice"),
  ]) func refusesWhatIsNoExport(_ text: String, _ place: String, _ message: String) {
    let error = #expect(throws: InvalidDefinition.self) { try terraform(text, .roadworker) }
    #expect(error?.description.hasPrefix(place + ":") == true, "\(error?.description ?? "")")
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}
