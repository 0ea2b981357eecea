import Definitions

extension CloudResource {
  /// As policies name it: a bucket is the bucket and its objects, a log group the group and its streams.
  /// (https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html)
  func arns(account: String, region: String) -> [String] {
    guard let kind else { return [name] }
    let place = "arn:aws:\(kind.service):\(region):\(account):"
    return switch kind {
    case .table: [place + "table/\(name)"]
    case .bucket: name.contains("/") ? ["arn:aws:s3:::\(name)"] : ["arn:aws:s3:::\(name)", "arn:aws:s3:::\(name)/*"]
    case .queue, .topic: [place + name]
    case .stream: [place + "stream/\(name)"]
    // Secrets Manager ends the names in ARNs with six letters of its own.
    case .secret: [place + "secret:\(name)" + (name.hasSuffix("*") ? "" : "-??????")]
    case .key: [place + "key/\(name)"]
    case .logGroup: [place + "log-group:\(name)", place + "log-group:\(name):*"]
    }
  }
}
