import Kubernetes

/// What a permission is about: `table/articles`, `bucket/articles-images`, or a whole ARN.
public struct CloudResource: Sendable, Hashable {
  /// Kinds of resources with short names, and the service of AWS that has them.
  public enum Kind: String, Sendable, CaseIterable {
    case table, bucket, queue, topic, stream, secret, key
    case logGroup = "log-group"

    /// As actions and ARNs name it.
    public var service: String {
      switch self {
      case .table: "dynamodb"
      case .bucket: "s3"
      case .queue: "sqs"
      case .topic: "sns"
      case .stream: "kinesis"
      case .secret: "secretsmanager"
      case .key: "kms"
      case .logGroup: "logs"
      }
    }
  }
  /// Nil for an ARN.
  public var kind: Kind?
  /// The name, or the ARN.
  public var name: String

  /// The service of AWS that has it.
  public var service: String { kind?.service ?? String(name.split(separator: ":").dropFirst(2).first ?? "") }

  init(_ text: String) throws(Notation.Mistake) {
    if text.hasPrefix("arn:") {
      guard text.isARN else {
        throw Notation.Mistake(
          message: "is not an ARN", remedy: "write it as arn:aws:s3:::articles-images, or as bucket/articles-images")
      }
      (kind, name) = (nil, text)
      return
    }
    let names = Kind.allCases.map(\.rawValue)
    guard let slash = text.firstIndex(of: "/") else {
      throw Notation.Mistake(
        message: "is not a resource", remedy: "write KIND/NAME, such as table/articles, or an ARN")
    }
    guard let kind = Kind(rawValue: String(text[..<slash])) else {
      throw Notation.Mistake(
        message: "is of no known kind", remedy: Diagnostic.nearest(to: String(text[..<slash]), in: names))
    }
    let name = String(text[text.index(after: slash)...])
    guard !name.isEmpty, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), name.first != "*" else {
      throw Notation.Mistake(
        message: "names no resource",
        remedy: "write a name, or the beginning of one with * after it: \(kind.rawValue)/articles-*")
    }
    (self.kind, self.name) = (kind, name)
  }

  /// - Returns: nil where the text is none; definitions that were read have only such as are.
  public init?(reading text: String) {
    guard let resource = try? CloudResource(text) else { return nil }
    self = resource
  }
}
