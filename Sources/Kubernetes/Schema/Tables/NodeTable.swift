extension SchemaTable {
  /// Nodes and namespaces.
  static let nodes = """
    @ io.k8s.api.core.v1 v1
    Node kind | A machine that pods run on.
    - spec NodeSpec #2 | What is wanted of the node.
    - status NodeStatus #3 | What was last seen of it.
    NodeSpec | What is wanted of a node.
    - configSource NodeConfigSource #6? | No longer used.
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
    - config NodeConfigStatus #11? | No longer used.
    - daemonEndpoints NodeDaemonEndpoints #6 | Where its agent listens.
    - features NodeFeatures #13? | What its runtime can do.
    - images [ContainerImage] #8 atomic | Images that are there.
    - nodeInfo NodeSystemInfo #7 | What it is.
    - phase string #3 (Pending,Running,Terminated) | No longer used.
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
    - features NodeRuntimeHandlerFeatures #2? | What it can do.
    - name string #1 always | Its name.
    ContainerImage | An image on a node.
    - names [string] #1 always atomic | Its names.
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
    NodeConfigSource
    - configMap ConfigMapNodeConfigSource #2?
    ConfigMapNodeConfigSource
    - kubeletConfigKey! string #5
    - name! string #2
    - namespace! string #1
    - resourceVersion string #4
    - uid string #3
    NodeConfigStatus
    - active NodeConfigSource #2?
    - assigned NodeConfigSource #1?
    - error string #4
    - lastKnownGood NodeConfigSource #3?
    NodeRuntimeHandlerFeatures
    - recursiveReadOnlyMounts bool #1?
    - userNamespaces bool #2?
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
