/// Resources as text.
enum Output {
  static func result(_ resources: [Resource], warnings: [String]) throws(KustomizeError) -> KustomizeResult {
    var writer = YAMLWriter()
    var objects: [KustomizeResult.Object] = []
    objects.reserveCapacity(resources.count)
    for resource in resources {
      if !objects.isEmpty { writer.separator() }
      let start = writer.bytes.count
      do throws(YAMLWriter.Failure) { try writer.write(resource.node) } catch {
        throw KustomizeError(
          at: Place(file: resource.file, point: error.point), "\(resource.currentID.text): \(error.message)")
      }
      let id = resource.currentID
      let parts = [id.gvk.group, id.gvk.version, id.gvk.kind, id.name].filter { !$0.isEmpty }
      objects.append(
        KustomizeResult.Object(
          range: start..<writer.bytes.count, fileName: parts.joined(separator: "_").lowercased() + ".yaml",
          namespace: Self.namespace(of: id), file: resource.file, line: resource.node.point.line))
    }
    return KustomizeResult(yaml: writer.bytes, objects: objects, warnings: warnings)
  }

  private static func namespace(of id: ResourceID) -> String? {
    if id.isClusterScoped { return .none }
    return id.effectiveNamespace
  }

  static func bytes(of node: YAMLNode, file: String) throws(KustomizeError) -> [UInt8] {
    var writer = YAMLWriter()
    do throws(YAMLWriter.Failure) { try writer.write(node) } catch {
      throw KustomizeError(at: Place(file: file, point: error.point), error.message)
    }
    return writer.bytes
  }
}
