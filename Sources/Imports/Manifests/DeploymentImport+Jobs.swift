import Definitions
import Kubernetes

/// Jobs and CronJobs that run the Deployment's own image.
extension DeploymentImport {
  private static let jobPod = ["spec", "template", "spec"]
  private static let cronPod = ["spec", "jobTemplate", "spec", "template", "spec"]

  /// Whether a job runs the service's image; where several services do, whether it is called after this one, or is the
  /// first one's.
  private func isOurs(_ job: ManifestObject, _ pod: [String], image: String) -> Bool {
    guard job.json(at: pod + ["containers", "0", "image"]) == .string(image) else { return false }
    let others = manifests.workloads.filter { index in
      let containers = manifests.objects[index].json(at: Self.pod + ["containers"])?.arrayValue ?? []
      return containers.contains { $0["image"] == .string(image) }
    }
    let named = others.filter { index in
      if let name = job.labels[WellKnown.appName] { return manifests.podLabels(of: index)[WellKnown.appName] == name }
      return job.name.hasPrefix(manifests.objects[index].name + "-")
    }
    return (named.first ?? others.first ?? workload) == workload
  }

  mutating func readJobs(image: String) {
    var jobs = JSONObject()
    while let index = manifests.first("Job", where: { isOurs($0, Self.jobPod, image: image) }) {
      use(index)
      guard let name = jobName(index), jobs[name] == nil, var entry = what(index, Self.jobPod) else { continue }
      readLimits(of: index, ["spec"], into: &entry)
      if isAfter(index) { entry["when"] = "after" }
      jobs[name] = .object(entry)
      decisions.append("\(self.name): Job \(manifests.objects[index].name): it is run at each deployment, as \(name)")
    }
    if !jobs.isEmpty { spec["jobs"] = .object(jobs) }
  }

  mutating func readCronJobs(image: String) {
    var cron = JSONObject()
    while let index = manifests.first("CronJob", where: { isOurs($0, Self.cronPod, image: image) }) {
      use(index)
      guard let name = jobName(index), cron[name] == nil, spec["jobs"]?[name] == nil, let entry = scheduled(index)
      else { continue }
      cron[name] = .object(entry)
    }
    if !cron.isEmpty { spec["cron"] = .object(cron) }
  }

  /// `digest` for `articles-digest` of articles, for that is what it is rendered as; without the hash that rendered jobs
  /// end with.
  private func jobName(_ index: Int) -> String? {
    let object = manifests.objects[index]
    var text = object.name
    if object.isRendered, object.kind == "Job", let dash = text.lastIndex(of: "-") { text = String(text[..<dash]) }
    if text.hasPrefix(name + "-"), text.utf8.count > name.utf8.count + 1 {
      text = String(text.dropFirst(name.count + 1))
    }
    return OpsWorksImport.serviceName(text)
  }

  /// Helm's hooks (https://helm.sh/docs/topics/charts_hooks/).
  private mutating func isAfter(_ index: Int) -> Bool {
    let object = manifests.objects[index]
    guard let hook = object.annotations["helm.sh/hook"]?.stringValue else { return false }
    for key in ["hook", "hook-weight", "hook-delete-policy"] {
      _ = manifests.objects[index].take(["metadata", "annotations", "helm.sh/\(key)"])
    }
    return hook.split(separator: ",").allSatisfy { $0.hasPrefix("post-") }
  }

  /// - Returns: nil where it would not run what it ran.
  private mutating func scheduled(_ index: Int) -> JSONObject? {
    guard let schedule = manifests.objects[index].json("spec", "schedule")?.stringValue,
      (try? CronSchedule(parsing: schedule)) != nil, !schedule.contains("TZ=")
    else { return nil }
    var entry: JSONObject = ["schedule": .string(schedule)]
    guard let what = what(index, Self.cronPod) else { return nil }
    for (key, value) in what { entry[key] = value }
    _ = manifests.objects[index].take(["spec", "schedule"])
    if let zone = manifests.objects[index].json("spec", "timeZone")?.stringValue, zone == "UTC" || zone.contains("/") {
      // What the platform writes where nothing is said.
      if zone != "Etc/UTC" { entry["zone"] = .string(zone) }
      _ = manifests.objects[index].take(["spec", "timeZone"])
    }
    // Kubernetes' own default is Allow, the platform's is forbid.
    let policy = manifests.objects[index].take(["spec", "concurrencyPolicy"])?.stringValue ?? "Allow"
    entry["concurrency"] = .string(["Forbid": "forbid", "Replace": "replace"][policy] ?? "allow")
    if manifests.objects[index].take(["spec", "suspend"]) == true { entry["suspended"] = true }
    if let seconds = manifests.objects[index].json("spec", "startingDeadlineSeconds")?.integerValue, seconds > 0 {
      _ = manifests.objects[index].take(["spec", "startingDeadlineSeconds"])
      entry["startWithin"] = .string("\(seconds)s")
    }
    readLimits(of: index, ["spec", "jobTemplate", "spec"], into: &entry)
    return entry
  }

  private mutating func readLimits(of index: Int, _ path: [String], into entry: inout JSONObject) {
    if let retries = manifests.objects[index].json(at: path + ["backoffLimit"])?.integerValue,
      (0...100).contains(retries)
    {
      _ = manifests.objects[index].take(path + ["backoffLimit"])
      entry["retries"] = .integer(retries)
    }
    if let seconds = manifests.objects[index].json(at: path + ["activeDeadlineSeconds"])?.integerValue, seconds > 0 {
      _ = manifests.objects[index].take(path + ["activeDeadlineSeconds"])
      entry["deadline"] = .string("\(seconds)s")
    }
  }

  /// The command, variables and resources of a job's container.
  /// - Returns: nil where it would run the service itself, or where a secret is in its command.
  private mutating func what(_ index: Int, _ pod: [String]) -> JSONObject? {
    let container = pod + ["containers", "0"]
    var entry = JSONObject()
    for list in ["command", "args"] {
      guard let values = manifests.objects[index].json(at: container + [list])?.arrayValue else { continue }
      let texts = values.compactMap(\.stringValue)
      guard texts.count == values.count, !texts.contains(where: { SecretSigns.isSecretText($0, named: "") }) else {
        return nil
      }
      entry[list] = .array(values)
    }
    guard !entry.isEmpty else { return nil }
    for key in ["command", "args", "image", "name"] { _ = manifests.objects[index].take(container + [key]) }
    let variables = jobEnvironment(index, container)
    if !variables.isEmpty { entry["env"] = .object(variables) }
    let resources = resources(of: index, at: container)
    if !resources.isEmpty { entry["resources"] = .object(resources) }
    takeShared(index, pod)
    return entry
  }

  /// Variables that the job has beside those of the service, or other values of.
  private mutating func jobEnvironment(_ index: Int, _ container: [String]) -> JSONObject {
    var found = JSONObject()
    let own = peek(mainContainer + ["env"])?.arrayValue ?? []
    for (number, entry) in (manifests.objects[index].json(at: container + ["env"])?.arrayValue ?? []).enumerated() {
      let path = container + ["env", "\(number)"]
      guard let variable = entry["name"]?.stringValue, variable.isVariableName else { continue }
      let isShared =
        own.contains(entry) || Microservice.platformVariables.contains(variable) || isAddress(variable, entry["value"])
      if !isShared {
        guard let value = jobVariable(variable, entry, at: manifests.objects[index].place(path)) else { continue }
        found[variable] = value
      }
      _ = manifests.objects[index].take(path)
    }
    return found
  }

  private mutating func jobVariable(_ variable: String, _ entry: JSONValue, at place: SourcePlace) -> JSONValue? {
    let secret = (entry["valueFrom"]?["secretKeyRef"]).flatMap { reference -> (String, String)? in
      guard let name = reference["name"]?.stringValue, name.isHostName, let key = reference["key"]?.stringValue,
        !key.isEmpty, reference["optional"] == nil
      else { return nil }
      return (name, key)
    }
    if let text = entry["value"]?.stringValue, !SecretSigns.isSecret(.string(text), named: variable) {
      return .string(text)
    }
    guard let (object, key) = secret ?? (entry["value"] == nil ? nil : ("\(name)-env", variable)) else { return nil }
    secrets.append(RequiredSecret(secret: object, key: key, variable: variable, place: place))
    return ["secret": .string(object), "key": .string(key)]
  }

  /// What a job has in common with the service, it has here by itself.
  private mutating func takeShared(_ index: Int, _ pod: [String]) {
    let lists = [
      (["containers", "0", "envFrom"], mainContainer + ["envFrom"]),
      (["containers", "0", "volumeMounts"], mainContainer + ["volumeMounts"]), (["volumes"], Self.pod + ["volumes"]),
    ]
    for (list, shared) in lists {
      let own = peek(shared)?.arrayValue ?? []
      let all = manifests.objects[index].json(at: pod + list)?.arrayValue ?? []
      if all.isEmpty { _ = manifests.objects[index].take(pod + list) }
      for (number, entry) in all.enumerated() where own.contains(entry) {
        _ = manifests.objects[index].take(pod + list + ["\(number)"])
      }
    }
    guard manifests.objects[index].isRendered else { return }
    for (number, container) in (manifests.objects[index].json(at: pod + ["initContainers"])?.arrayValue ?? [])
      .enumerated() where container["name"] == "envoy"
    {
      _ = manifests.objects[index].take(pod + ["initContainers", "\(number)"])
    }
  }
}
