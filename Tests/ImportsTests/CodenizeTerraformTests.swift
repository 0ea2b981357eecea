import Definitions
import Foundation
import Kubernetes
import TerraformTesting
import Testing

import Imports

/// What is made of exports, given to the real Terraform: valid; and imported from a cloud that is a process here, with a
/// plan that imports everything and changes nothing. Needs what `TerraformApplyTests` needs.
@Suite(.serialized) struct CodenizeTerraformTests {
  static let terraform = TerraformProgram.find()

  private func file(_ text: String, of tool: CodenizeImport.Tool) throws -> ImportedFile {
    try #require(try CodenizeImport.read([ImportSource(name: "export", text: text)], of: tool).files.first)
  }

  @Test(.enabled(if: terraform != nil, "needs terraform and its provider for AWS"))
  func richExportsAreValid() throws {
    var files: [String: String] = [:]
    for (tool, text) in RichExports.all {
      let file = try file(text, of: tool)
      files[file.path] = file.text
    }
    let module = try #require(Self.terraform).module(files)
    defer { module.remove() }
    try module.run(["init"])
    try module.run(["validate"])
  }

  /// As each tool writes it, in Ruby and in JSON.
  @Test(
    .enabled(
      if: terraform != nil && LocalCloud.program != nil, "needs terraform, its provider for AWS, and moto_server"))
  func importsAreAllThatAPlanShows() throws {
    let cloud = try LocalCloud.start(at: try #require(LocalCloud.program))
    defer { cloud.stop() }
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cloud/exports.py")
    let exports = try JSONValue(parsing: Array(try cloud.run(script: script)))
    func export(_ name: String) throws -> String { try #require(exports["files"]?[name]?.stringValue) }
    let settings: JSONValue = ["provider": .object(cloud.provider.merged(region: "ap-northeast-1"))]
    let given: JSONValue = ["health_check_ids": exports["healthChecks"] ?? [:]]
    let variants = [
      [("Groupfile", CodenizeImport.Tool.piculet), ("IAMfile", .miam), ("Routefile", .roadworker)],
      [("groups.json", .piculet), ("iam.json", .miam)],
    ]
    for variant in variants {
      var files = ["provider.tf.json": settings.prettyText]
      var resources = 0
      for (name, tool) in variant {
        let file = try file(try export(name), of: tool)
        files[file.path] = file.text
        resources += try JSONValue(parsing: file.text)["import"]?.arrayValue?.count ?? 0
        if tool == .roadworker { files["ids.auto.tfvars.json"] = given.prettyText }
      }
      try planAndApply(files, resources)
    }
  }

  private func planAndApply(_ files: [String: String], _ resources: Int) throws {
    let module = try #require(Self.terraform).module(files)
    defer { module.remove() }
    try module.run(["init"])
    try module.run(["plan", "-out", "plan"])
    let plan = try JSONValue(parsing: try module.run(["show", "-json", "plan"]))
    let changes = (plan["resource_changes"]?.arrayValue ?? []).filter { $0["mode"] == "managed" }
    #expect(changes.count == resources && resources > 20, "\(changes.count) of \(resources)")
    for change in changes {
      let address = change["address"]?.stringValue ?? ""
      #expect(change["change"]?["actions"] == ["no-op"], "\(address): \(change["change"]?.prettyText ?? "")")
      #expect(change["change"]?["importing"] != nil, "\(address) is not imported")
    }
    try module.run(["apply", "plan"])
    // 2 where anything would change.
    try module.run(["plan", "-detailed-exitcode"])
  }
}

extension JSONObject {
  fileprivate func merged(region: String) -> JSONObject {
    var aws = self["aws"]?.objectValue ?? [:]
    aws["region"] = .string(region)
    return ["aws": .object(aws)]
  }
}

/// An export of each tool with one of everything.
enum RichExports {
  static let all: [(CodenizeImport.Tool, String)] = [(.piculet, groups), (.miam, account), (.roadworker, zones)]

  static let groups = ##"""
    ec2 "vpc-1" do
      security_group "default" do
        description "default VPC security group"
      end
      security_group "web front (old)" do
        description "the \"front\" ${x} %{y} \#{z}"
        tags(
          "Name" => "web",
          "aws:cloudformation:stack-name" => "a ${b}"
        )
        ingress do
          permission :tcp, 80..80 do
            ip_ranges(
              "0.0.0.0/0",
              "::/0",
              "2001:db8::/32"
            )
            groups(
              "default",
              "sg-0123456789abcdef0",
              ["999999999999", "sg-0fedcba9876543210"]
            )
          end
          permission :udp, 0..65535 do
            ip_ranges("10.0.0.0/8")
          end
          permission :icmp, -1..-1 do
            ip_ranges("10.0.0.0/8")
          end
          permission :icmp, 8..0 do
            ip_ranges("10.0.0.0/8")
          end
          permission :icmpv6, -1..-1 do
            ip_ranges("::/0")
          end
          permission :"50" do
            ip_ranges("10.0.0.0/8")
          end
          permission :any do
            groups("web front (old)")
          end
        end
        egress do
          permission :any do
            ip_ranges("0.0.0.0/0")
          end
        end
      end
    end
    ec2 "vpc-2" do
      security_group "web front (old)" do
        description "of the same name"
      end
    end
    """##

  static let account = #"""
    user "bob@example.com", :path=>"/developer/" do
      groups(
        "Admin",
        "of others"
      )
      policy "own policy" do
        {"Version"=>"2012-10-17",
         "Statement"=>
          [{"Sid"=>"A",
            "Effect"=>"Allow",
            "Action"=>["s3:Get*"],
            "Resource"=>"arn:aws:s3:::x/${aws:username}/*",
            "Condition"=>{"Bool"=>{"aws:MultiFactorAuthPresent"=>"true"}, "NumericLessThan"=>{"s3:max-keys"=>10}}}]}
      end
      attached_managed_policies(
        "arn:aws:iam::123456789012:policy/team/mine"
      )
    end
    group "Admin", :path=>"/admin/" do
      policy "all" do
        {"Statement"=>[{"Effect"=>"Allow", "Action"=>"*", "Resource"=>"*"}]}
      end
      attached_managed_policies(
        "arn:aws:iam::aws:policy/AdministratorAccess"
      )
    end
    role "web", :path=>"/service/" do
      instance_profiles(
        "web"
      )
      max_session_duration 43200
      assume_role_policy_document do
        {"Version"=>"2012-10-17",
         "Statement"=>
          [{"Effect"=>"Allow", "Principal"=>{"Federated"=>"cognito"}, "Action"=>"sts:AssumeRoleWithWebIdentity",
            "Condition"=>{"StringEquals"=>{"a"=>"${x}"}}}]}
      end
      policy "p" do
        {"Version"=>"2012-10-17", "Statement"=>[{"Effect"=>"Deny", "NotAction"=>"s3:*", "Resource"=>"*"}]}
      end
      attached_managed_policies(
        "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM",
        "arn:aws:iam::123456789012:policy/team/mine"
      )
    end
    instance_profile "web", :path=>"/"
    instance_profile "without-role", :path=>"/"
    managed_policy "mine", :path=>"/team/" do
      {"Version"=>"2012-10-17", "Statement"=>[{"Effect"=>"Allow", "Action"=>"s3:*", "Resource"=>"*"}]}
    end
    """#

  static let zones = ##"""
    hosted_zone "example.com." do
      rrset "*.example.com.", "A" do
        ttl 300
        resource_records(
          "192.0.2.1"
        )
      end
      rrset "example.com.", "TXT" do
        ttl 300
        resource_records(
          "\"v=spf1 -all\"",
          "\"a \\\"quoted\\\" ${word}\"",
          "\"\#{long}LONG\" \"MORE\""
        )
      end
      rrset "w.example.com.", "A" do
        set_identifier "one"
        weight 0
        ttl 60
        health_check "https://www.example.com:443/a?b=c", :search_string => "ok", :request_interval => 10, :failure_threshold => 3, :measure_latency => true, :inverted => false, :enable_sni => true
        resource_records(
          "192.0.2.1"
        )
      end
      rrset "w.example.com.", "A" do
        set_identifier "two"
        weight 10
        ttl 60
        health_check :cloudwatch_metric => {:region=>"ap-northeast-1", :name=>"Check ${x}"}, :inverted => false, :insufficient_data_health_status => "LastKnownStatus"
        resource_records(
          "192.0.2.1"
        )
      end
      rrset "l.example.com.", "AAAA" do
        set_identifier "tokyo"
        region "ap-northeast-1"
        ttl 60
        resource_records(
          "2001:db8::1"
        )
      end
      rrset "g.example.com.", "CNAME" do
        set_identifier "texas"
        geo_location :country_code=>"US", :subdivision_code=>"TX"
        ttl 60
        resource_records(
          "a.example.com"
        )
      end
      rrset "f.example.com.", "A" do
        set_identifier "first"
        failover "PRIMARY"
        health_check :calculated => ["a", "b"], :health_threshold => 1, :inverted => false
        ttl 60
        resource_records(
          "192.0.2.1"
        )
      end
      rrset "m.example.com.", "A" do
        set_identifier "many"
        multi_value_answer true
        health_check "tcp://192.0.2.9:25"
        ttl 60
        resource_records(
          "192.0.2.1"
        )
      end
      rrset "a.example.com.", "A" do
        dns_name "dualstack.lb-1.ap-northeast-1.elb.amazonaws.com.", :evaluate_target_health=>true
      end
      rrset "n.example.com.", "A" do
        dns_name "n-1.elb.eu-central-1.amazonaws.com."
      end
      rrset "s.example.com.", "A" do
        dns_name "s3-website-ap-northeast-1.amazonaws.com."
      end
      rrset "c.example.com.", "A" do
        dns_name "d111111abcdef8.cloudfront.net."
      end
      rrset "o.example.com.", "A" do
        dns_name "a.example.com."
      end
    end
    hosted_zone "example.internal.", "Z0123456789" do
      vpc "us-east-1", "vpc-1"
      vpc "us-east-2", "vpc-2"

      rrset "db.example.internal.", "CNAME" do
        ttl 60
        resource_records(
          "db.example.com"
        )
      end
    end
    """##.replacing("LONG", with: String(repeating: "x", count: 250)).replacing(
      "MORE", with: String(repeating: "y", count: 250))
}
