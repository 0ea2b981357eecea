/// The schemas that a build goes by; the first kustomization that names some decides for all.
///
/// Kustomize reads schemas when it first needs one, and keeps what it has read: whether the built-in kinds are known
/// beside those of a kustomization's own document depends on what was looked at before
/// (https://github.com/kubernetes-sigs/kustomize/blob/kustomize/v5.5.0/kyaml/openapi/openapi.go). So it is here.
final class SchemaChoice {
  private enum Choice {
    case none
    case builtIn
    case document(YAMLNode)
  }

  private enum Progress { case unread, postponed, read }

  private var choice = Choice.none
  private var known = KindSchemas.none
  /// Whether the chosen schemas are among the known ones.
  private var isRead = false
  private var builtIn = Progress.unread

  /// Whether a kustomization has named schemas.
  var isChosen: Bool { if case .none = choice { false } else { true } }

  func chooseBuiltIn() {
    choice = .builtIn
    isRead = false
  }

  func choose(document: YAMLNode) {
    choice = .document(document)
    isRead = false
  }

  /// Takes note that an object of a kind has been read: one that Kubernetes does not have makes the built-in schemas
  /// needed.
  func note(apiVersion: String, kind: String) {
    guard !isRead, !KindSchemas.builtIn.hasScope(apiVersion: apiVersion, kind: kind) else { return }
    if case .document = choice {
      read()
    } else if case .unread = builtIn {
      builtIn = .postponed
    }
  }

  func shape(apiVersion: String, kind: String) -> MergeShape? {
    read()
    return known.shape(apiVersion: apiVersion, kind: kind)
  }

  /// Whether a kind certainly has no namespace; of kinds nobody knows, nothing is certain.
  func isClusterScoped(apiVersion: String, kind: String) -> Bool {
    if ScopeTable.kinds.contains(kind), let versions = ScopeTable.clusterScoped[kind] {
      return versions.contains(apiVersion)
    }
    if case .document = choice { note(apiVersion: apiVersion, kind: kind) }
    return known.isClusterScoped(apiVersion: apiVersion, kind: kind)
  }

  private func read() {
    guard !isRead else { return }
    isRead = true
    switch choice {
    case .none, .builtIn:
      known = .builtIn
      builtIn = .read
    case .document(let document):
      let layer: KindSchemas.BuiltInLayer =
        switch builtIn {
        case .unread: .absent
        case .postponed: .above
        case .read: .below
        }
      known = KindSchemas(openAPI: document, builtIn: layer)
      if case .postponed = builtIn { builtIn = .read }
    }
  }
}
