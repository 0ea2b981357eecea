/// What has come together so far in one kustomization: resources, the fields that transformers change, and variables.
final class Accumulator {
  let set = ResourceSet()
  private(set) var configuration = TransformerConfiguration()
  /// Whether the configuration is the standard one, which need not be merged into itself.
  private var isStandard = false
  private var isEmpty = true
  private(set) var variables: [String: Variable] = [:]

  func mergeStandard(with extra: TransformerConfiguration?, file: String) throws(KustomizeError) {
    if isEmpty, extra == nil {
      // Merged into nothing it is itself.
      configuration = .standard
      (isEmpty, isStandard) = (false, true)
    } else if !isStandard || extra != nil {
      var merged = TransformerConfiguration.standard
      if let extra { try merge(extra, into: &merged, file) }
      try merge(merged, file: file)
    }
  }

  func merge(_ other: TransformerConfiguration, file: String) throws(KustomizeError) {
    // Into nothing, too: of two entries for one field the one that says more precisely for which kind may hide the other.
    try merge(other, into: &configuration, file)
    (isEmpty, isStandard) = (false, false)
  }

  private func merge(
    _ other: TransformerConfiguration, into configuration: inout TransformerConfiguration, _ file: String
  ) throws(KustomizeError) {
    do throws(TransformerConfiguration.Conflict) { try configuration.merge(other) } catch {
      throw KustomizeError(
        file: file, "conflicting fieldspecs: \(error.path) is said both to be created and not to be",
        remedy: "say create the same in both")
    }
  }

  func merge(_ other: Accumulator, file: String) throws(KustomizeError) {
    try set.append(contentsOf: other.set.resources)
    if isEmpty, other.isStandard {
      (configuration, isStandard, isEmpty) = (other.configuration, true, false)
    } else if !(isStandard && other.isStandard), !other.isEmpty {
      try merge(other.configuration, file: file)
    }
    for variable in other.variables.values.sorted(by: { $0.name < $1.name }) { try add(variable) }
  }

  private func add(_ variable: Variable) throws(KustomizeError) {
    guard variables[variable.name] == nil else {
      throw KustomizeError(
        at: variable.place, "var '\(variable.name)' already encountered", remedy: "give one of the two another name")
    }
    variables[variable.name] = variable
  }

  /// Notes which resource each variable is read from, while it still has the name by which the variable knows it.
  func addVariables(_ variables: [Variable]) throws(KustomizeError) {
    for variable in variables {
      // Of a variable's object it is not looked up whether it has a namespace at all.
      let id = ResourceID(gvk: variable.gvk, name: variable.objectName, namespace: variable.objectNamespace)
      let needsNamespace = !variable.objectNamespace.isEmpty
      let matches = set.named(variable.objectName).filter { resource in
        (resource.previousIDs + [resource.currentID]).contains { its in
          needsNamespace ? its.key == id.key : its.name == id.name && its.gvk == id.gvk
        }
      }
      guard matches.count <= 1 else {
        throw KustomizeError(
          at: variable.place,
          "found \(matches.count) resId matches for var \(variable.name) (unable to disambiguate)",
          remedy: "say the namespace in objref")
      }
      matches.first?.variableNames.append(variable.name)
    }
    for variable in variables { try add(variable) }
  }
}
