import Foundation
import Kubernetes
import Testing

extension EndToEnd {
  /// `sakigake terraform`: what is written where, and what people and programs are told.
  @Suite struct TerraformCommandTests {
    static let platform = FleetFiles.platform.replacing(
      "  tag: v1\n",
      with: """
          tag: v1
          account: "123456789012"
          region: ap-northeast-1
          tags: { team: platform }
        environments: { production: {}, staging: {} }

        """)
    static let service = FleetFiles.service + "  permissions: [{ allow: s3:GetObject, on: bucket/news }]\n"

    private func terraform(_ files: FleetFiles, _ arguments: String...) async throws -> Outcome {
      try await Sakigake.run(["terraform", "-f", files.directory] + arguments)
    }

    @Test func eachServiceAndThePlatformHaveAModule() async throws {
      try await FleetFiles.with(Self.service, platform: Self.platform) { files in
        let out = files.directory + "/out"
        let services = try await terraform(files, "-o", out, "-e", "production")
        #expect(services.status == 0 && services.error.isEmpty, "\(services)")
        // What a pipeline reads: the files, one a line.
        #expect(services.output == "\(out)/shop/main.tf.json\n", "\(services)")
        let central = try await terraform(files, "--central", "-o", out, "-e", "production")
        #expect(central.status == 0 && central.output == "\(out)/test/main.tf.json\n", "\(central)")
        let written = try ImportCommandTests.files(in: out)
        #expect(written.keys.sorted() == ["shop/main.tf.json", "test/main.tf.json"])
        for (name, type) in [("shop", "aws_iam_role"), ("test", "aws_eks_cluster")] {
          let json = try JSONValue(parsing: written["\(name)/main.tf.json"] ?? "")
          #expect(json["resource"]?[type] != nil, "\(name)")
          #expect(json["provider"]?["aws"]?["allowed_account_ids"] == ["123456789012"])
        }
        // Written again it is the same, and what stands beside it stays.
        let beside = out + "/shop/backend.tf"
        try "terraform {}\n".write(toFile: beside, atomically: true, encoding: .utf8)
        #expect(try await terraform(files, "-o", out, "-e", "production").output == services.output)
        var again = try ImportCommandTests.files(in: out)
        #expect(again.removeValue(forKey: "shop/backend.tf") == "terraform {}\n")
        #expect(again == written)
      }
    }

    @Test func aMistakeIsShownWhereItIsAndNothingIsWritten() async throws {
      let mistakes: [(service: String, platform: String, at: String, says: String)] = [
        (
          Self.service.replacing("bucket/news", with: "machine/a"), Self.platform, "microservice.yaml:10:",
          "of no known kind"
        ),
        (
          Self.service.replacing("port: 8080", with: "prot: 8080"), Self.platform, "microservice.yaml:7:3",
          "unknown field"
        ),
        (
          Self.service, Self.platform.replacing("  account: \"123456789012\"\n", with: ""), "platform.yaml:5:3",
          "spec.account is missing"
        ),
      ]
      for mistake in mistakes {
        try await FleetFiles.with(mistake.service, platform: mistake.platform) { files in
          let out = files.directory + "/out"
          let outcome = try await terraform(files, "-o", out)
          #expect(outcome.status == 2 && outcome.output.isEmpty, "\(outcome)")
          #expect(
            outcome.error.contains("\(files.directory)/\(mistake.at)") && outcome.error.contains(mistake.says),
            "\(outcome)")
          #expect(!FileManager.default.fileExists(atPath: out))
        }
      }
    }

    @Test func theCodesTellUsageAndTheWorldApart() async throws {
      try await FleetFiles.with(Self.service, platform: Self.platform) { files in
        for arguments in [["-e", "moon"], ["--no-such-flag"]] {
          let outcome = try await Sakigake.run(["terraform", "-f", files.directory, "-o", files.directory] + arguments)
          #expect(outcome.status == 2 && outcome.output.isEmpty && !outcome.error.isEmpty, "\(outcome)")
        }
        let nowhere = try await Sakigake.run(["terraform", "-f", "/nonexistent"])
        #expect(nowhere.status == 2 && nowhere.error.contains("/nonexistent"), "\(nowhere)")
        let file = files.directory + "/file"
        try "".write(toFile: file, atomically: true, encoding: .utf8)
        let full = try await terraform(files, "-o", file)
        #expect(full.status == 3 && full.error.contains("file"), "\(full)")
        let help = try await Sakigake.run(["terraform", "--help"])
        #expect(help.status == 0 && help.output.contains("--central") && help.error.isEmpty, "\(help)")
      }
    }
  }
}
