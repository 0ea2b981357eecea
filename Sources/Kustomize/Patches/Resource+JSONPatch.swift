internal import Kubernetes

extension Resource {
  /// Carries out the operations of a JSON patch.
  ///
  /// Kustomize remembers what an object was called, and more, in annotations of the object. Patches see them: one may add
  /// an annotation to an object that has none of its own.
  func apply(_ operations: JSONValue, at place: Place) throws(KustomizeError) {
    let point = node.point
    let remembered = remembered()
    var seen = node
    if !remembered.isEmpty {
      _ = seen.updateMap {
        $0.update("metadata", orStartingWith: .mapping([])) {
          $0.becomeMapIfNull()
          $0.updateMap {
            $0.update("annotations", orStartingWith: .mapping([])) {
              $0.becomeMapIfNull()
              $0.updateMap { map in for (key, text) in remembered { map[key] = .text(text) } }
            }
          }
        }
      }
    }
    do {
      node = YAMLNode(try seen.json().applying(jsonPatch: operations))
      node.point = point
    } catch let error as PatchError {
      throw KustomizeError(at: place, "the JSON patch does not fit \(currentID.text): \(error.message)")
    } catch let error as YAMLWriter.Failure {
      throw KustomizeError(at: Place(file: file, point: error.point), error.message)
    } catch {
      throw KustomizeError(at: place, "\(error)")
    }
    guard node.map != nil else {
      throw KustomizeError(at: place, "the JSON patch leaves no object of \(currentID.text)")
    }
    // Every annotation is a text then.
    setTexts("annotations", annotations().filter { pair in !remembered.contains { $0.key == pair.key } })
    let whole: Set = ["", "/metadata", "/metadata/annotations"]
    if operations.arrayValue?.contains(where: { whole.contains($0["path"]?.stringValue ?? "") }) == true {
      forgetOrigin()
    }
  }

  /// What kustomize keeps among an object's annotations while it builds
  /// (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/api/internal/utils/annotations.go).
  private func remembered() -> [(key: String, text: String)] {
    let prefix = "internal.config.kubernetes.io/"
    var texts: [(key: String, text: String)] = []
    func add(_ key: String, _ text: String) { if !text.isEmpty { texts.append((key, text)) } }
    if behavior != .unspecified { add(prefix + "generatorBehavior", behavior.rawValue) }
    if needsHash { add(prefix + "needsHashSuffix", "enabled") }
    func list(_ key: String, _ names: [String]) {
      add(prefix + key, names.filter { !$0.isEmpty }.joined(separator: ","))
    }
    list("prefixes", prefixes)
    list("suffixes", suffixes)
    list("previousNames", previous.map(\.name))
    list("previousNamespaces", previous.map(\.namespace))
    list("previousKinds", previous.map(\.kind))
    if let origin { add(Origin.annotation, origin.text) }
    if !transformations.isEmpty { add(Origin.transformationsAnnotation, Origin.text(transformations)) }
    return texts
  }
}
