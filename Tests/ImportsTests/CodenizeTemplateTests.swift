import Definitions
import Kubernetes
import Testing

import Imports

/// What people write with templates, `context` and variables: it is unfolded, not run.
struct CodenizeTemplateTests {
  func terraform(_ tool: CodenizeImport.Tool, _ texts: String...) throws -> JSONValue {
    let sources = texts.enumerated().map { ImportSource(name: "file\($0).rb", text: $1) }
    let result = try CodenizeImport.read(sources, of: tool)
    return try JSONValue(parsing: try #require(result.files.first).text)
  }

  @Test func templatesOfGroups() throws {
    let json = try terraform(
      .piculet,
      #"""
      OFFICE = ["192.0.2.0/24", "198.51.100.1/32"]
      ports = 8000..8080

      template "basic" do
        permission :tcp, 22 do
          ip_ranges(*OFFICE)
        end
        permission "tcp", ports do
          ip_ranges("10.0.0.0/8", *%w(10.9.0.0/16))
        end
      end

      template "egress" do
        egress do
          permission :any do
            ip_ranges(context.ip_addr || "0.0.0.0/0")
          end
        end
      end

      ec2 "vpc-1" do
        security_group "web" do
          description "#{context.security_group_name} of #{context.vpc}"
          tags({ "Name" => context.security_group_name, team: "news" })
          ingress do
            include_template "basic"
          end
          include_template "egress", :ip_addr => "203.0.113.0/24"
        end
        security_group "db" do
          description "a" + "b"
          include_template "egress"
        end
      end
      """#)
    let groups = json["resource"]?["aws_security_group"]
    #expect(groups?["web"]?["description"] == "web of vpc-1")
    #expect(groups?["web"]?["tags"] == ["Name": "web", "team": "news"])
    #expect(groups?["db"]?["description"] == "ab")
    let ingress = json["resource"]?["aws_vpc_security_group_ingress_rule"]?.objectValue ?? [:]
    #expect(
      Set(
        ingress.map {
          "\($0.value["from_port"]?.text ?? "")-\($0.value["to_port"]?.text ?? "") \($0.value["cidr_ipv4"]?.stringValue ?? "")"
        })
        == [
          "22-22 192.0.2.0/24", "22-22 198.51.100.1/32", "8000-8080 10.0.0.0/8", "8000-8080 10.9.0.0/16",
        ])
    let egress = json["resource"]?["aws_vpc_security_group_egress_rule"]?.objectValue ?? [:]
    #expect(Set(egress.map { $0.value["cidr_ipv4"]?.stringValue ?? "" }) == ["203.0.113.0/24", "0.0.0.0/0"])
  }

  @Test func templatesOfUsers() throws {
    let json = try terraform(
      .miam,
      #"""
      exclude /^AWSServiceRole/
      template "common-policy" do
        policy "#{context.user_name}-policy" do
          {"Version" => context.version,
           "Statement" => [{"Effect" => "Allow", "Action" => "s3:Get*", "Resource" => "*"}]}
        end
      end

      user "bob", path: "/developer/" do
        include_template "common-policy", version: "2012-10-17"
      end
      user "mary", path: "/" do
        context.version = "2008-10-17"
        include_template "common-policy"
        attached_managed_policies("arn:aws:iam::123456789012:policy/mine", "arn:aws:iam::aws:policy/ReadOnlyAccess")
      end
      managed_policy "mine", path: "/" do
        {"Statement" => [],
         "Id" => "one " +
          "text"}
      end
      """#)
    let policies = json["resource"]?["aws_iam_user_policy"]
    #expect(policies?["bob_bob-policy"]?["policy"]?.stringValue?.contains("2012-10-17") == true)
    #expect(policies?["mary_mary-policy"]?["policy"]?.stringValue?.contains("2008-10-17") == true)
    let attached = json["resource"]?["aws_iam_user_policy_attachment"]
    #expect(attached?["mary_mine"]?["policy_arn"] == "${aws_iam_policy.mine.arn}")
    #expect(attached?["mary_ReadOnlyAccess"]?["policy_arn"] == "arn:aws:iam::aws:policy/ReadOnlyAccess")
    #expect(json["resource"]?["aws_iam_policy"]?["mine"]?["policy"] == #"{"Statement":[],"Id":"one text"}"#)
  }

  @Test func templatesOfRecordsInAFileOfTheirOwn() throws {
    let json = try terraform(
      .roadworker,
      #"""
      require "file1"

      hosted_zone "Example.JP" do
        ignore /^dynamic/
        ignore_under "other.example.jp"
        context.ttl = 100
        include_template "default_rrset", :name => "www"
        include_template "default_rrset", :name => "www2", :ttl => 60
      end
      """#,
      #"""
      template "default_rrset" do
        rrset context.name + "." + context.hosted_zone_name, "a" do
          ttl context.ttl
          resource_records ["127.0.0.1"]
        end
      end
      """#)
    let records = json["resource"]?["aws_route53_record"]
    #expect(records?["www_example_jp_A"]?["ttl"] == 100)
    #expect(records?["www2_example_jp_A"]?["ttl"] == 60)
    #expect(records?["www2_example_jp_A"]?["records"] == ["127.0.0.1"])
  }

  /// A few lines that would become more than memory holds.
  @Test(arguments: [
    "x = [1, 1, 1, 1]\n" + String(repeating: "x = [*x, *x]\n", count: 60),
    "context.x = \"aaaaaaaa\"\n" + String(repeating: "context.x = \"#{context.x}#{context.x}\"\n", count: 60),
    (1...40).map {
      "template \"\($0)\" do\n" + String(repeating: "include_template \"\($0 + 1)\"\n", count: 8) + "end\n"
    }
    .joined() + "template \"41\" do\na\nend\ninclude_template \"1\"",
    "x = 1\n" + String(repeating: "x = [x]\n", count: 5_000),
  ]) func whatGrowsIsStopped(_ text: String) {
    let error = #expect(throws: InvalidDefinition.self) { try terraform(.roadworker, text) }
    let message = error?.description ?? ""
    #expect(message.contains("too long") || message.contains("nested deeper"), "\(message)")
    #expect(error?.diagnostics.first?.line ?? 0 > 0)
  }

  @Test func permissionsForNobodyAreTold() throws {
    let text = """
      ec2 "vpc-1" do
        security_group "web" do
          description "d"
          ingress do
            permission :tcp, 443..443 do
            end
            permission :tcp, 80..80 do
              groups("unknown")
            end
          end
        end
      end
      """
    let result = try CodenizeImport.read([ImportSource(name: "Groupfile", text: text)], of: .piculet)
    let told = result.notCarried.map(\.description)
    #expect(told.count == 2, "\(told)")
    #expect(
      told.first?.hasPrefix("Groupfile:5:7: warning: a permission of security group web; it names nobody") == true)
    #expect(told.last?.hasPrefix("Groupfile:8:9: warning: a rule of security group web for the group unknown") == true)
  }
}
