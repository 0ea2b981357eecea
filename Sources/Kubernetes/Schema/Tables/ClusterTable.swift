extension SchemaTable {
  /// Nodes, namespaces, configuration, events, leases.
  static let cluster = """
    @ io.k8s.api.core.v1 v1
    Node kind | A machine that pods run on.
    - spec NodeSpec #2 | What is wanted of the node.
    - status NodeStatus #3 | What was last seen of it.
    NodeSpec | What is wanted of a node.
    - configSource any #6? | No longer used.
    - externalID string #2 | No longer used.
    - podCIDR string #1 | The addresses of the node's pods.
    - podCIDRs [string] #7 strategy=merge set | The same, of every address family.
    - providerID string #3 | The cloud's name for the machine.
    - taints [Taint] #5 atomic | What keeps pods away that do not tolerate it.
    - unschedulable bool #4 | Whether no new pods come here.
    Taint | What keeps pods away.
    - effect! string #3 (NoExecute,NoSchedule,PreferNoSchedule) | How strongly.
    - key! string #1 | Its key.
    - timeAdded Time #4? | Since when.
    - value string #2 | Its value.
    NodeStatus | What was last seen of a node.
    - addresses [NodeAddress] #5 merge=type map=type | Its addresses and names.
    - allocatable {Quantity} #2 | What pods can have of it.
    - capacity {Quantity} #1 | All it has.
    - conditions [NodeCondition] #4 merge=type map=type | Ready, and what presses on it.
    - config any #11? | No longer used.
    - daemonEndpoints NodeDaemonEndpoints #6 | Where its agent listens.
    - features NodeFeatures #13? | What its runtime can do.
    - images [ContainerImage] #8 atomic | Images that are there.
    - nodeInfo NodeSystemInfo #7 | What it is.
    - phase string #3 | No longer used.
    - runtimeHandlers [NodeRuntimeHandler] #12 atomic | Its runtimes.
    - volumesAttached [AttachedVolume] #10 atomic | Volumes attached to it.
    - volumesInUse [string] #9 atomic | Volumes in use on it.
    NodeAddress | An address or name.
    - address! string #2 | The address.
    - type! string #1 | InternalIP, ExternalIP, Hostname, InternalDNS or ExternalDNS.
    NodeCondition | One aspect of a node's state.
    - lastHeartbeatTime Time #3 | When it was last reported.
    - lastTransitionTime Time #4 | When it last changed.
    - message string #6 | For people.
    - reason string #5 | For programs.
    - status! string #2 | True, False or Unknown.
    - type! string #1 | Ready, MemoryPressure, DiskPressure, PIDPressure, NetworkUnavailable.
    NodeDaemonEndpoints | Where a node's agent listens.
    - kubeletEndpoint DaemonEndpoint #1 | The agent.
    DaemonEndpoint | A port.
    - Port! int32 #1 | The port.
    NodeFeatures | What a runtime can do.
    - supplementalGroupsPolicy bool #1? | Whether it knows that policy.
    NodeRuntimeHandler | A runtime.
    - features any #2? | What it can do.
    - name string #1 | Its name.
    ContainerImage | An image on a node.
    - names [string] #1 atomic | Its names.
    - sizeBytes int64 #2 | Its size.
    AttachedVolume | A volume attached to a node.
    - devicePath! string #2 | Where.
    - name! string #1 | Its name.
    NodeSystemInfo | What a node is.
    - architecture! string #10 | The processor architecture.
    - bootID! string #3 | Changes with every boot.
    - containerRuntimeVersion! string #6 | What runs the containers.
    - kernelVersion! string #4 | The kernel.
    - kubeProxyVersion! string #8 | No longer filled in.
    - kubeletVersion! string #7 | The agent.
    - machineID! string #1 | The machine's ID.
    - operatingSystem! string #9 | linux or windows.
    - osImage! string #5 | The distribution.
    - systemUUID! string #2 | The machine's UUID.
    Namespace kind | A space for names.
    - spec NamespaceSpec #2 | What is wanted of it.
    - status NamespaceStatus #3 | What was last seen of it.
    NamespaceSpec | What is wanted of a namespace.
    - finalizers [string] #1 atomic | Who must finish something before it may go.
    NamespaceStatus | What was last seen of a namespace.
    - conditions [NamespaceCondition] #2 merge=type map=type | What stands in the way of its deletion.
    - phase string #1 (Active,Terminating) | Active, or being deleted.
    NamespaceCondition | One aspect of a namespace's state.
    - lastTransitionTime Time #4 | When it last changed.
    - message string #6 | For people.
    - reason string #5 | For programs.
    - status! string #2 | True, False or Unknown.
    - type! string #1 | Which aspect.
    ConfigMap kind | Configuration as keys and values.
    - binaryData {bytes} #3 | Values that are not UTF-8, in base64.
    - data {string} #2 | Values that are text.
    - immutable bool #4? | Whether nothing in it may change any more.
    Secret kind | Secret values as keys and values.
    - data {bytes} #2 | The values, in base64.
    - immutable bool #5? | Whether nothing in it may change any more.
    - stringData {string} #4 | Values as plain text, for writing only; they go into data.
    - type string #3 | What it is for. Opaque by default.
    ServiceAccount kind | An identity for pods.
    - automountServiceAccountToken bool #4? | Whether its pods have its token mounted.
    - imagePullSecrets [LocalObjectReference] #3 atomic | Secrets with which its pods pull images.
    - secrets [ObjectReference] #2 merge=name map=name | Secrets that its pods may use.
    ObjectReference | An object, or a part of one.
    - apiVersion string #5 | Its API version.
    - fieldPath string #7 | The part.
    - kind string #1 | Its kind.
    - name string #3 | Its name.
    - namespace string #2 | Its namespace.
    - resourceVersion string #6 | The version that is meant.
    - uid string #4 | Its UID.
    Event kind | Something that happened to an object.
    - action string #12 | What was done.
    - count int32 #8 | How often.
    - eventTime MicroTime #10 | When it was first seen.
    - firstTimestamp Time #6 | When it first happened.
    - involvedObject! ObjectReference #2 | What it happened to.
    - lastTimestamp Time #7 | When it last happened.
    - message string #4 | For people: what happened.
    - reason string #3 | For programs: why, in one word.
    - related ObjectReference #13? | Another object that has to do with it.
    - reportingComponent string #14 | Who reported it.
    - reportingInstance string #15 | Which instance of that.
    - series EventSeries #11? | How it went on.
    - source EventSource #5 | Who reported it, in the older form.
    - type string #9 | Normal or Warning.
    EventSeries | An event that goes on.
    - count int32 #1 | How often.
    - lastObservedTime MicroTime #2 | When last.
    EventSource | Who reported an event.
    - component string #1 | The program.
    - host string #2 | The node.
    @ io.k8s.api.coordination.v1 coordination.k8s.io/v1
    Lease kind | Who holds something, and until when: elections and heartbeats.
    - spec LeaseSpec #2 | The holder.
    LeaseSpec | Who holds a lease.
    - acquireTime MicroTime #3? | Since when.
    - holderIdentity string #1? | Who.
    - leaseDurationSeconds int32 #2? | Seconds after the last renewal until others may take it.
    - leaseTransitions int32 #5? | How often the holder changed.
    - preferredHolder string #7? | Who should take it over.
    - renewTime MicroTime #4? | When it was last renewed.
    - strategy string #6? | How the next holder is found.
    @ io.k8s.api.authorization.v1 authorization.k8s.io/v1
    SelfSubjectAccessReview kind | Asks whether the caller may do something.
    - spec! SelfSubjectAccessReviewSpec #2 | What.
    - status SubjectAccessReviewStatus #3 | The answer.
    SelfSubjectAccessReviewSpec | What the caller wants to do.
    - nonResourceAttributes NonResourceAttributes #2? | To a path.
    - resourceAttributes ResourceAttributes #1? | To a resource.
    NonResourceAttributes | A path, and what to do to it.
    - path string #1 | The path.
    - verb string #2 | What to do.
    ResourceAttributes | A resource, and what to do to it.
    - fieldSelector any #8? | Which objects, by fields.
    - group string #3 | The group of the resource.
    - labelSelector any #9? | Which objects, by labels.
    - name string #7 | The object; all where empty.
    - namespace string #1 | The namespace; all where empty.
    - resource string #5 | The resource.
    - subresource string #6 | The subresource.
    - verb string #2 | What to do.
    - version string #4 | The version of the resource.
    SubjectAccessReviewStatus | Whether it is allowed.
    - allowed! bool #1 | Whether.
    - denied bool #4 | Whether it is refused outright.
    - evaluationError string #3 | What went wrong in finding out.
    - reason string #2 | Why.
    SelfSubjectRulesReview kind | Asks what the caller may do in a namespace.
    - spec! SelfSubjectRulesReviewSpec #2 | Where.
    - status any #3 | The answer: rules for resources and for paths.
    SelfSubjectRulesReviewSpec | Where the caller wants to do things.
    - namespace string #1 | The namespace.
    @ io.k8s.api.authentication.v1 authentication.k8s.io/v1
    SelfSubjectReview kind | Asks who the caller is.
    - status any #2 | The answer: name and groups.
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
