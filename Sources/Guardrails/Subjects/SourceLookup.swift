import Definitions
import Kubernetes

extension SourceNode {
  func member(_ key: String) -> Member? {
    guard case .mapping(let members) = content else { return nil }
    return members.first { $0.key == key }
  }

  func element(_ index: Int, named name: String?) -> SourceNode? {
    guard case .sequence(let elements) = content else { return nil }
    if let name, let found = elements.first(where: { $0["name"]?.json.stringValue == name }) { return found }
    return elements.indices.contains(index) ? elements[index] : nil
  }

  /// The node at a path, and how many of its steps are there.
  func walked(_ path: ObjectPath) -> (node: SourceNode, line: Int, column: Int, depth: Int) {
    var (node, line, column) = (self, line, column)
    for (depth, step) in path.steps.enumerated() {
      switch step {
      case .key(let key):
        guard let member = node.member(key) else { return (node, line, column, depth) }
        (node, line, column) = (member.value, member.keyLine, member.keyColumn)
      case .element(let index, let name):
        guard let element = node.element(index, named: name) else { return (node, line, column, depth) }
        (node, line, column) = (element, element.line, element.column)
      }
    }
    return (node, line, column, path.steps.count)
  }
}

extension SourceNode {
  /// The node at a path; unlike `walked`, an element that has a name is the one of that name and no other.
  func exact(_ path: ObjectPath) -> SourceNode? {
    path.steps.reduce(Optional(self)) { node, step in
      switch step {
      case .key(let key): return node?[key]
      case .element(let index, let name):
        let elements = node?.elements ?? []
        if let name { return elements.first { $0["name"]?.json.stringValue == name } }
        return elements.indices.contains(index) ? elements[index] : nil
      }
    }
  }
}

extension CheckedObject {
  /// A fix as a change of what people wrote; nil where it was not written, or where something else made the object what
  /// it is: then nobody knows whether a change there is one of the object.
  func repair(_ fix: Fix) -> Repair? {
    let map: SourceNode?
    switch origin {
    case .place: return nil
    case .manifest(let node, _):
      map = node.exact(fix.path)
      // Of a kustomization: a patch may have set it since.
      guard map?[fix.key]?.json == json.value(at: fix.path)?[fix.key] else { return nil }
    case .definition(let definition):
      var patched = ObjectPath("extend", kind)
      patched.steps += fix.path.steps
      map = definition.spec.exact(patched)
      // What a patch does not say follows from something else.
      guard map?[fix.key] != nil else { return nil }
    }
    return map.map { Repair(map: $0, key: fix.key, change: fix.change) }
  }

  /// The job of a definition that it was rendered of.
  private var job: String? {
    let paths = [["spec", "template"], ["spec", "jobTemplate"]]
    return paths.lazy.compactMap { json[path: $0 + ["metadata", "labels"]]?.text("sakigake.dev/job") }.first
  }

  /// Where people wrote what a rule complains of.
  /// - Parameter section: the part of a definition that the field of a rendered object follows from.
  func place(of path: ObjectPath, section: [String]) -> SourcePlace {
    switch origin {
    case .place(let place): return place
    case .manifest(let node, let file):
      let found = node.walked(path)
      return SourcePlace(file: file, line: found.line, column: found.column)
    case .definition(let definition): return definition.place(of: path, kind: kind, job: job, section: section)
    }
  }
}

extension JSONValue {
  fileprivate func value(at path: ObjectPath) -> JSONValue? {
    path.steps.reduce(Optional(self)) { value, step in
      switch step {
      case .key(let key): return value?[key]
      case .element(let index, _):
        let elements = value?.arrayValue ?? []
        return elements.indices.contains(index) ? elements[index] : nil
      }
    }
  }
}

extension ServiceDefinition {
  /// The patch that sets a field; else the section that the field follows from; else the service's name.
  fileprivate func place(of path: ObjectPath, kind: String, job: String?, section: [String]) -> SourcePlace {
    var patched = ObjectPath("extend", kind)
    patched.steps += path.steps
    let patch = spec.walked(patched)
    if patch.depth > 2, patch.depth == patched.steps.count {
      return SourcePlace(file: file, line: patch.line, column: patch.column)
    }
    let found = sections(of: path, kind: kind, job: job, section).map { section in
      (walked: spec.walked(ObjectPath(section)), length: section.count)
    }
    let nearest = found.first { $0.walked.depth == $0.length && $0.length > 0 } ?? found.first { $0.walked.depth > 0 }
    if let walked = nearest?.walked { return SourcePlace(file: file, line: walked.line, column: walked.column) }
    return namePlace
  }

  private func sections(of path: ObjectPath, kind: String, job: String?, _ section: [String]) -> [[String]] {
    var sections: [[String]] = []
    var names: [String: String] = [:]
    for (step, next) in zip(path.steps, path.steps.dropFirst()) {
      if case .key(let key) = step, case .element(_, let name?) = next { names[key] = name }
    }
    let section = names["env"].map { ["env", $0] } ?? section
    if let job {
      sections.append([kind == "CronJob" ? "cron" : "jobs", job] + section)
    }
    if let container = names["initContainers"] { sections.append(["containers", container] + section) }
    return sections.filter { spec.walked(ObjectPath(Array($0.prefix(2)))).depth == 2 } + [section]
  }
}
