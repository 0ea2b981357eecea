extension SchemaTable {
  /// Nodes, namespaces, configuration, events, leases.
  static let cluster = """
    @ io.k8s.api.core.v1 v1
    Node kind | A machine that pods run on.
    - spec NodeSpec | What is wanted of the node.
    - status NodeStatus | What was last seen of it.
    NodeSpec | What is wanted of a node.
    - configSource any | No longer used.
    - externalID string | No longer used.
    - podCIDR string | The addresses of the node's pods.
    - podCIDRs [string] strategy=merge set | The same, of every address family.
    - providerID string | The cloud's name for the machine.
    - taints [Taint] atomic | What keeps pods away that do not tolerate it.
    - unschedulable bool | Whether no new pods come here.
    Taint | What keeps pods away.
    - effect! string (NoExecute,NoSchedule,PreferNoSchedule) | How strongly.
    - key! string | Its key.
    - timeAdded Time | Since when.
    - value string | Its value.
    NodeStatus | What was last seen of a node.
    - addresses [NodeAddress] merge=type map=type | Its addresses and names.
    - allocatable {Quantity} | What pods can have of it.
    - capacity {Quantity} | All it has.
    - conditions [NodeCondition] merge=type map=type | Ready, and what presses on it.
    - config any | No longer used.
    - daemonEndpoints NodeDaemonEndpoints | Where its agent listens.
    - features NodeFeatures | What its runtime can do.
    - images [ContainerImage] atomic | Images that are there.
    - nodeInfo NodeSystemInfo | What it is.
    - phase string | No longer used.
    - runtimeHandlers [NodeRuntimeHandler] atomic | Its runtimes.
    - volumesAttached [AttachedVolume] atomic | Volumes attached to it.
    - volumesInUse [string] atomic | Volumes in use on it.
    NodeAddress | An address or name.
    - address! string | The address.
    - type! string | InternalIP, ExternalIP, Hostname, InternalDNS or ExternalDNS.
    NodeCondition | One aspect of a node's state.
    - lastHeartbeatTime Time | When it was last reported.
    - lastTransitionTime Time | When it last changed.
    - message string | For people.
    - reason string | For programs.
    - status! string | True, False or Unknown.
    - type! string | Ready, MemoryPressure, DiskPressure, PIDPressure, NetworkUnavailable.
    NodeDaemonEndpoints | Where a node's agent listens.
    - kubeletEndpoint DaemonEndpoint | The agent.
    DaemonEndpoint | A port.
    - Port! int32 | The port.
    NodeFeatures | What a runtime can do.
    - supplementalGroupsPolicy bool | Whether it knows that policy.
    NodeRuntimeHandler | A runtime.
    - features any | What it can do.
    - name string | Its name.
    ContainerImage | An image on a node.
    - names [string] atomic | Its names.
    - sizeBytes int64 | Its size.
    AttachedVolume | A volume attached to a node.
    - devicePath! string | Where.
    - name! string | Its name.
    NodeSystemInfo | What a node is.
    - architecture! string | The processor architecture.
    - bootID! string | Changes with every boot.
    - containerRuntimeVersion! string | What runs the containers.
    - kernelVersion! string | The kernel.
    - kubeProxyVersion! string | No longer filled in.
    - kubeletVersion! string | The agent.
    - machineID! string | The machine's ID.
    - operatingSystem! string | linux or windows.
    - osImage! string | The distribution.
    - systemUUID! string | The machine's UUID.
    Namespace kind | A space for names.
    - spec NamespaceSpec | What is wanted of it.
    - status NamespaceStatus | What was last seen of it.
    NamespaceSpec | What is wanted of a namespace.
    - finalizers [string] atomic | Who must finish something before it may go.
    NamespaceStatus | What was last seen of a namespace.
    - conditions [NamespaceCondition] merge=type map=type | What stands in the way of its deletion.
    - phase string (Active,Terminating) | Active, or being deleted.
    NamespaceCondition | One aspect of a namespace's state.
    - lastTransitionTime Time | When it last changed.
    - message string | For people.
    - reason string | For programs.
    - status! string | True, False or Unknown.
    - type! string | Which aspect.
    ConfigMap kind | Configuration as keys and values.
    - binaryData {bytes} | Values that are not UTF-8, in base64.
    - data {string} | Values that are text.
    - immutable bool | Whether nothing in it may change any more.
    Secret kind | Secret values as keys and values.
    - data {bytes} | The values, in base64.
    - immutable bool | Whether nothing in it may change any more.
    - stringData {string} | Values as plain text, for writing only; they go into data.
    - type string | What it is for. Opaque by default.
    ServiceAccount kind | An identity for pods.
    - automountServiceAccountToken bool | Whether its pods have its token mounted.
    - imagePullSecrets [LocalObjectReference] atomic | Secrets with which its pods pull images.
    - secrets [ObjectReference] merge=name map=name | Secrets that its pods may use.
    ObjectReference | An object, or a part of one.
    - apiVersion string | Its API version.
    - fieldPath string | The part.
    - kind string | Its kind.
    - name string | Its name.
    - namespace string | Its namespace.
    - resourceVersion string | The version that is meant.
    - uid string | Its UID.
    Event kind | Something that happened to an object.
    - action string | What was done.
    - count int32 | How often.
    - eventTime MicroTime | When it was first seen.
    - firstTimestamp Time | When it first happened.
    - involvedObject! ObjectReference | What it happened to.
    - lastTimestamp Time | When it last happened.
    - message string | For people: what happened.
    - reason string | For programs: why, in one word.
    - related ObjectReference | Another object that has to do with it.
    - reportingComponent string | Who reported it.
    - reportingInstance string | Which instance of that.
    - series EventSeries | How it went on.
    - source EventSource | Who reported it, in the older form.
    - type string | Normal or Warning.
    EventSeries | An event that goes on.
    - count int32 | How often.
    - lastObservedTime MicroTime | When last.
    EventSource | Who reported an event.
    - component string | The program.
    - host string | The node.
    @ io.k8s.api.coordination.v1 coordination.k8s.io/v1
    Lease kind | Who holds something, and until when: elections and heartbeats.
    - spec LeaseSpec | The holder.
    LeaseSpec | Who holds a lease.
    - acquireTime MicroTime | Since when.
    - holderIdentity string | Who.
    - leaseDurationSeconds int32 | Seconds after the last renewal until others may take it.
    - leaseTransitions int32 | How often the holder changed.
    - preferredHolder string | Who should take it over.
    - renewTime MicroTime | When it was last renewed.
    - strategy string | How the next holder is found.
    @ io.k8s.api.authorization.v1 authorization.k8s.io/v1
    SelfSubjectAccessReview kind | Asks whether the caller may do something.
    - spec! SelfSubjectAccessReviewSpec | What.
    - status SubjectAccessReviewStatus | The answer.
    SelfSubjectAccessReviewSpec | What the caller wants to do.
    - nonResourceAttributes any | To a path.
    - resourceAttributes any | To a resource.
    SubjectAccessReviewStatus | Whether it is allowed.
    - allowed! bool | Whether.
    - denied bool | Whether it is refused outright.
    - evaluationError string | What went wrong in finding out.
    - reason string | Why.
    SelfSubjectRulesReview kind | Asks what the caller may do in a namespace.
    - spec! SelfSubjectRulesReviewSpec | Where.
    - status any | The answer: rules for resources and for paths.
    SelfSubjectRulesReviewSpec | Where the caller wants to do things.
    - namespace string | The namespace.
    @ io.k8s.api.authentication.v1 authentication.k8s.io/v1
    SelfSubjectReview kind | Asks who the caller is.
    - status any | The answer: name and groups.
    @ io.k8s.metrics.pkg.apis.metrics.v1beta1 metrics.k8s.io/v1beta1
    NodeMetrics kind | What a node uses.
    - timestamp! Time | When the sample ended.
    - usage! {Quantity} | What was used, by resource.
    - window! string | What the sample covers, such as 15s.
    PodMetrics kind | What a pod uses.
    - containers! [ContainerMetrics] atomic | Each container's use.
    - timestamp! Time | When the sample ended.
    - window! string | What the sample covers, such as 15s.
    ContainerMetrics | What a container uses.
    - name! string | The container.
    - usage! {Quantity} | What was used, by resource.
    """
}
