import Foundation
import Kubernetes
import Rendering
import Terraform

/// `docs/one-definition.md`, made of what the example becomes.
struct DefinitionPage {
  let example: RenderedExample

  var text: String {
    get throws {
      """
      # One definition, and what it stands for

      \(intro)

      ```yaml
      \(example.text.trimmingCharacters(in: .newlines))
      ```

      ## Line by line

      \(try table)

      ## Side by side

      \(try pairs.map(section).joined(separator: "\n\n"))

      """
    }
  }

  private var intro: String {
    let counts = [
      ("Kubernetes manifests", example.manifests.lineCount, "`sakigake render`: \(example.objects.count) objects"),
      ("Envoy's configuration", example.envoyText.lineCount, "of one sidecar, as YAML, without the addresses of pods"),
      (
        "Terraform", example.terraform.text.lineCount,
        "`sakigake terraform`: \(example.resources.count) resources, JSON"
      ),
    ]
    let rows = counts.map { "| \($0.0) | \($0.1) | \($0.2) |" }.joined(separator: "\n")
    return """
      [examples/comments](../examples/comments) is a service with all that one usually needs: configuration, secrets, a
      migration, something that runs at night, other services that it calls, a place behind the load balancer,
      permissions, alerts. Its `microservice.yaml` has **\(example.text.lineCount) lines**. Nobody writes or keeps up the
      **\(counts.reduce(0) { $0 + $1.1 }) lines** that it stands for in production:

      | | Lines | |
      |---|---|---|
      \(rows)

      This page is made of the example by a test, which fails where it is not what the example becomes.
      """
  }

  // MARK: Line by line

  /// Fields of `spec` as they are written, each with its lines.
  var fields: [(name: String, lines: ClosedRange<Int>)] {
    var found: [(name: String, lines: ClosedRange<Int>)] = []
    var isSpec = false
    for (index, line) in example.text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if !line.hasPrefix(" ") { isSpec = line == "spec:" }
      guard isSpec, line.hasPrefix("  ") else { continue }
      if let match = line.wholeMatch(of: #/  ([a-z]\w*):.*/#) {
        found.append((String(match.1), (index + 1)...(index + 1)))
      } else if let last = found.indices.last {
        found[last].lines = found[last].lines.lowerBound...(index + 1)
      }
    }
    return found
  }

  /// The definition without some of its lines.
  func text(without lines: ClosedRange<Int>) -> String {
    let all = example.text.split(separator: "\n", omittingEmptySubsequences: false)
    return all.enumerated().filter { !lines.contains($0.offset + 1) }.map(\.element).joined(separator: "\n")
  }

  private var table: String {
    get throws {
      // Neither the definition itself, which is an object too, nor where objects are from.
      func parts(_ text: String) throws -> [String] {
        let rendered = try RenderedExample(text, placed: false)
        return [
          RenderedExample.yaml(rendered.objects.filter { $0["kind"] != "Microservice" }), rendered.envoyText,
          rendered.terraform.text,
        ]
      }
      let whole = try parts(example.text)
      let meanings = Dictionary(uniqueKeysWithValues: FieldMeanings.all.map { ($0.field, $0.meaning) })
      let rows = try fields.map { field -> String in
        var counts = ["", "", ""]
        if !FieldMeanings.required.contains(field.name) {
          let rest = try parts(text(without: field.lines))
          counts = zip(whole, rest).map { String($0.lines(beyond: $1)) }
        }
        let lines =
          field.lines.count == 1 ? "\(field.lines.lowerBound)" : "\(field.lines.lowerBound)–\(field.lines.upperBound)"
        let cells = [lines, "`\(field.name)`"] + counts + [meanings[field.name] ?? ""]
        return "| \(cells.joined(separator: " | ")) |"
      }
      return """
        The numbers are lines that would not be there, or would be different, without the field.

        | Line | Field | Kubernetes | Envoy | Terraform | Stands for |
        |---|---|---|---|---|---|
        \(rows.joined(separator: "\n"))

        The rest is there for every service: pods as restricted pod security has them, spread over zones and nodes; a sidecar \
        that starts before the application and stops after it; rollouts that take no pod away before its successor is ready; \
        a network in which all that nobody declared is denied.
        """
    }
  }

  // MARK: Side by side

  struct Pair {
    var title: String
    var fields: [String]
    var becomes: JSONValue
    var linesMax = 40
  }

  private func section(_ pair: Pair) -> String {
    let written = fields.filter { pair.fields.contains($0.name) }.map { field in
      example.text.split(separator: "\n", omittingEmptySubsequences: false)[
        (field.lines.lowerBound - 1)..<field.lines.upperBound
      ].map { $0.dropFirst(2) }.joined(separator: "\n")
    }
    let all = RenderedExample.yaml([pair.becomes]).split(separator: "\n")
    let more = all.count > pair.linesMax ? "\n# … and \(all.count - pair.linesMax) lines more" : ""
    return """
      ### \(pair.title)
      <table>
      <tr><th>Written</th><th>What it stands for</th></tr>
      <tr><td>

      ```yaml
      \(written.joined(separator: "\n"))
      ```

      </td><td>

      ```yaml
      \(all.prefix(pair.linesMax).joined(separator: "\n"))\(more)
      ```

      </td></tr>
      </table>
      """
  }

  private struct Missing: Error { var what: String }

  var pairs: [Pair] {
    get throws {
      func object(_ kind: String, _ name: String? = nil) throws -> JSONValue {
        guard let found = example.object(kind, name) else { throw Missing(what: kind) }
        return found
      }
      func part(_ value: JSONValue, _ path: String...) throws -> JSONValue {
        guard let found = value[path: path] else { throw Missing(what: path.joined(separator: ".")) }
        return found
      }
      func named(_ list: String, _ name: String) throws -> JSONValue {
        let all = try part(example.envoy, "staticResources", list).arrayValue ?? []
        guard let found = all.first(where: { $0["name"]?.stringValue?.contains(name) == true }) else {
          throw Missing(what: "\(list) \(name)")
        }
        return found
      }
      let cloud = example.terraform.json
      return [
        Pair(
          title: "A call, in Envoy", fields: ["calls"],
          becomes: ["clusters": [try named("clusters", "users")], "listeners": [try named("listeners", "users")]],
          linesMax: 90),
        Pair(
          title: "Who may connect, in Kubernetes", fields: ["calls", "network"],
          becomes: try part(try object("NetworkPolicy"), "spec"), linesMax: 90),
        Pair(
          title: "Permissions, in the cloud", fields: ["permissions"],
          becomes: [
            "resource": [
              "aws_iam_role": try part(cloud, "resource", "aws_iam_role"),
              "aws_iam_role_policy": try part(cloud, "resource", "aws_iam_role_policy"),
            ]
          ]),
        Pair(title: "An alert, in Prometheus", fields: ["alerts"], becomes: try object("PrometheusRule"), linesMax: 36),
        Pair(
          title: "The same, in CloudWatch", fields: ["alerts"],
          becomes: try part(cloud, "resource", "aws_cloudwatch_metric_alarm", "errors"), linesMax: 50),
        Pair(title: "What runs at night", fields: ["cron"], becomes: try object("CronJob"), linesMax: 60),
        Pair(title: "A secret", fields: ["secrets"], becomes: try object("ExternalSecret", "comments-db")),
      ]
    }
  }
}
