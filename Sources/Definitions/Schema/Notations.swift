import Kubernetes

/// The notations of our files.
extension Notation {
  /// RFC 1123, with `*` for the first label where one is allowed.
  static let host = Notation("a host's name", example: "api.example.com") { $0.isHostName }
  /// A DNS subdomain, as most objects of Kubernetes are named.
  static let objectName = Notation("an object's name", example: "articles-db", remedy: "use a-z, 0-9, - and .") {
    $0.isHostName
  }
  static let hostPort = Notation("HOST or HOST:PORT", example: "api.example.com:443") { text in
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (1...2).contains(parts.count), parts.count == 1 || parts[1].isPort else { return false }
    return (parts[0].hasPrefix("*.") ? String(parts[0].dropFirst(2)) : parts[0]).isHostName
  }
  static let cidr = Notation("a range of addresses", example: "10.0.0.0/8") { AddressRange($0) != nil }

  /// A repository of the platform's, or a whole reference with a tag or a digest.
  /// As large as AWS takes them, and as small as can be divided among zones
  /// (https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html).
  static let network = Notation("a network", example: "10.0.0.0/16", remedy: "write a range of /16 to /20") { text in
    AddressRange(text) != nil && !text.contains(":")
      && (text.split(separator: "/").last.flatMap { Int($0) }).map { (16...20).contains($0) } ?? false
  }

  static let image = Notation(
    "an image", example: "articles-cache, or docker.io/library/redis:7.4",
    remedy: "write a repository of the registry, such as articles-cache, or a whole reference with its tag or digest"
  ) { $0.isImageReference }

  /// An absolute directory below the root, without `.` and `..`.
  static let directory = Notation(
    "a directory", example: "/data", pattern: "^/[^:]+$", remedy: "begin it with /, without a . or .. in it"
  ) { text in
    let parts = text.split(separator: "/")
    return text.hasPrefix("/") && !parts.isEmpty && !parts.contains { [".", ".."].contains($0) } && !text.contains(":")
      && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
  }

  static let schedule = Notation("a schedule", example: "\"0 7 * * *\"") { text in
    if ["TZ=", "CRON_TZ="].contains(where: text.hasPrefix) {
      return Mistake(message: "is not a schedule", remedy: "name the time zone in zone")
    }
    do throws(CronSchedule.Mistake) {
      _ = try CronSchedule(parsing: text)
      return nil
    } catch {
      return Mistake(message: "is not a schedule: \(error)", remedy: "write it as \"0 7 * * *\" or @hourly")
    }
  }

  /// By its form: which zones there are, the cluster knows.
  static let zone = Notation(
    "a time zone", example: "Asia/Tokyo", pattern: "^(UTC|[A-Z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)+)$",
    remedy: "write it as Asia/Tokyo or UTC"
  ) { text in
    if text == "UTC" { return true }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return (2...3).contains(parts.count) && text.first?.isUppercase == true
      && parts.allSatisfy { part in
        !part.isEmpty
          && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_+-".contains($0)) }
      }
  }

  static let day = Notation("a day", example: "2027-01-31", pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$") { text in
    text.utf8.count == 10 && Timestamp(parsing: text + "T00:00:00Z") != nil
  }

  static let reason = Notation("a reason", example: "the vendor's image has no other user", remedy: "say why, in words")
  {
    $0.contains(where: \.isLetter) && !$0.contains(where: \.isNewline)
  }

  static let condition = Notation("a condition", example: "p99 > 300ms") { text in
    do throws(FieldError) {
      _ = try AlertCondition(text)
      return nil
    } catch { return Mistake(message: error.message, remedy: "write it as p99 > 300ms") }
  }

  /// `dynamodb:GetItem`, `s3:Get*`. A star for all actions, or all of a service, is no permission but the lack of one.
  static let action = Notation(
    "an action", example: "dynamodb:GetItem", pattern: "^[a-z0-9-]+:[A-Za-z]+\\*?$",
    remedy: "write it as dynamodb:GetItem or s3:Get*"
  ) { $0.isAction }

  /// As `action`, and all of a service: what a platform allows at most.
  static let actionPattern = Notation(
    "an action", example: "dynamodb:*", pattern: "^[a-z0-9-]+:[A-Za-z]*\\*?$",
    remedy: "write it as dynamodb:GetItem, s3:Get* or sqs:*"
  ) { $0.isAction || $0.hasSuffix(":*") && String($0.dropLast() + "A").isAction }

  static let resource = Notation(
    "a resource", example: "table/articles, or an ARN"
  ) { text in
    do throws(Mistake) {
      _ = try CloudResource(text)
      return nil
    } catch { return error }
  }

  static let peer = Notation(
    "a service, a namespace or a range of addresses", example: "gateway, namespace/monitoring or 10.0.0.0/8"
  ) { NetworkPeer($0) != nil }
  static let peerPort = Notation(
    "a service, a namespace or a range of addresses with a port",
    example: "namespace/databases:5432 or 10.1.0.0/16:6379"
  ) { NetworkPeer($0)?.port != nil }

  static let account = Notation(
    "an account's number", example: "\"123456789012\"", pattern: "^[0-9]{12}$", remedy: "write its 12 digits, in quotes"
  ) { $0.utf8.count == 12 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }

  /// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/resource-ids.html
  static let securityGroup = Notation(
    "a security group's id", example: "sg-0123456789abcdef0", pattern: "^sg-([0-9a-f]{8}|[0-9a-f]{17})$"
  ) { text in
    let digits = text.dropFirst(3)
    return text.hasPrefix("sg-") && [8, 17].contains(digits.utf8.count)
      && digits.allSatisfy { $0.isHexDigit && !$0.isUppercase && $0.isASCII }
  }

  static let arn = Notation("an ARN", example: "arn:aws:sns:ap-northeast-1:123456789012:alerts", pattern: "^arn:") {
    $0.isARN
  }

  /// A regular expression that whole names match.
  static let expression = Notation("a regular expression", example: "[a-z]+(-[a-z]+)*") { text in
    (try? Regex(text)) != nil
  }

  /// A name made of parts: `{cluster}-{service}`.
  static let template = Notation("a pattern", example: "{cluster}-{service}") { text in
    do throws(Mistake) {
      _ = try NameTemplate(text)
      return nil
    } catch { return error }
  }
}

extension String {
  package var isHostName: Bool {
    let labels = split(separator: ".", omittingEmptySubsequences: false)
    return utf8.count <= 253 && labels.allSatisfy { String($0).isDNSLabel }
  }

  var isPort: Bool { Int(self).map { (1...65535).contains($0) && !hasPrefix("+") } ?? false }

  /// Whether an image's name says which version is meant.
  package var hasImageVersion: Bool {
    contains("@") || (split(separator: "/").last?.contains(":") ?? false)
  }

  /// As the OCI distribution specification has it.
  fileprivate var isImageReference: Bool {
    let parts = split(separator: "@", omittingEmptySubsequences: false).map(String.init)
    guard (1...2).contains(parts.count), let name = parts.first else { return false }
    if parts.count == 2 {
      let digest = parts[1].split(separator: ":", omittingEmptySubsequences: false)
      guard digest.count == 2, digest[0] == "sha256", digest[1].utf8.count == 64,
        digest[1].allSatisfy({ $0.isHexDigit && !$0.isUppercase })
      else { return false }
    }
    var components = name.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard let last = components.popLast() else { return false }
    let tagged = last.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (1...2).contains(tagged.count), tagged.count == 1 || tagged[1].isImageTag else { return false }
    // A registry's host may have a port.
    if let first = components.first, let colon = first.firstIndex(of: ":") {
      guard String(first[first.index(after: colon)...]).isPort else { return false }
      components[0] = String(first[..<colon])
    }
    return (components + [tagged[0]]).joined(separator: "/").isRepository
  }

  package var isImageTag: Bool {
    !isEmpty && utf8.count <= 128 && !hasPrefix(".") && !hasPrefix("-")
      && utf8.allSatisfy { $0.isLetter || $0.isDigit || $0 == 0x2D || $0 == 0x2E || $0 == 0x5F }
  }

  fileprivate var isAction: Bool {
    let parts = split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty,
      parts[0].utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0.isDigit || $0 == 0x2D })
    else { return false }
    let name = parts[1].hasSuffix("*") ? parts[1].dropLast() : parts[1]
    return !name.isEmpty && name.utf8.allSatisfy(\.isLetter)
  }

  var isARN: Bool {
    let parts = split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
    return parts.count == 6 && parts[0] == "arn" && !parts[1].isEmpty && !parts[2].isEmpty && !parts[5].isEmpty
      && utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
  }
}
