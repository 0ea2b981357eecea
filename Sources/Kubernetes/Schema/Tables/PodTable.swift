extension SchemaTable {
  /// Pods and what is in them.
  static let pods = """
    @ io.k8s.api.core.v1 v1
    Pod kind | Containers that run together on one node and share an address.
    - spec PodSpec #2 | What should run, and where it may.
    - status PodStatus #3 | What was last seen of it.
    PodTemplateSpec | What a pod will be like when it is made from this template.
    - metadata ObjectMeta #1 | Labels and annotations of the pods.
    - spec PodSpec #2 | What should run in the pods.
    PodSpec | What a pod runs, and where it may run.
    - activeDeadlineSeconds int64 #5? | Seconds after which the pod is ended and counts as failed.
    - affinity Affinity #18? | Rules about the nodes and neighbours that the pod wants, or does not.
    - automountServiceAccountToken bool #21? | Whether the service account's token is mounted.
    - containers! [Container] #2 merge=name map=name | The programs of the pod. At least one; cannot be added to later.
    - dnsConfig PodDNSConfig #26? | DNS settings beside those of dnsPolicy.
    - dnsPolicy string #6 (ClusterFirst,ClusterFirstWithHostNet,Default,None) | Where names are looked up. \
      ClusterFirst by default.
    - enableServiceLinks bool #30? | Whether services appear as environment variables. True by default.
    - ephemeralContainers [EphemeralContainer] #34 merge=name map=name | Containers added to a running pod, for \
      debugging.
    - hostAliases [HostAlias] #23 merge=ip map=ip | Lines for the pod's hosts file.
    - hostIPC bool #13 | Whether the pod uses the node's IPC namespace.
    - hostNetwork bool #11 | Whether the pod uses the node's network, so that its ports are the node's.
    - hostPID bool #12 | Whether the pod sees the node's processes.
    - hostUsers bool #37? | Whether the pod uses the node's user namespace. True by default.
    - hostname string #16 | The pod's host name, where it is not to be the pod's name.
    - imagePullSecrets [LocalObjectReference] #15 merge=name map=name | Secrets with which images are pulled.
    - initContainers [Container] #20 merge=name map=name | Programs that run before the others, one after another; \
      those with restartPolicy Always keep running as sidecars.
    - nodeName string #10 | The node that the pod is bound to. Set by the scheduler.
    - nodeSelector {string} #7 atomic | Labels that the node must have.
    - os PodOS #36? | The operating system that the pod is for.
    - overhead {Quantity} #32 | What running the pod costs beside its containers.
    - preemptionPolicy string #31? (Never,PreemptLowerPriority) | Whether the pod may push out others of lower priority.
    - priority int32 #25? | The pod's importance as a number, from its priority class.
    - priorityClassName string #24 | The pod's importance by name.
    - readinessGates [PodReadinessGate] #28 atomic | Further conditions that must be true for the pod to be ready.
    - resourceClaims [PodResourceClaim] #39 merge=name strategy=merge,retainKeys map=name | Devices that the pod claims.
    - resources ResourceRequirements #40? | What all containers together need.
    - restartPolicy string #3 (Always,Never,OnFailure) | When containers are started again. Always by default.
    - runtimeClassName string #29? | The runtime with which the pod is run.
    - schedulerName string #19 | Who schedules the pod. default-scheduler by default.
    - schedulingGates [PodSchedulingGate] #38 merge=name map=name | While there are any, the pod is not scheduled.
    - securityContext PodSecurityContext #14? | Users, groups and privileges for all containers.
    - serviceAccount string #9 | The older name of serviceAccountName.
    - serviceAccountName string #8 | The identity that the pod has towards the API.
    - setHostnameAsFQDN bool #35? | Whether the host name is the fully qualified one.
    - shareProcessNamespace bool #27? | Whether the containers see each other's processes.
    - subdomain string #17 | The subdomain of the pod's fully qualified name.
    - terminationGracePeriodSeconds int64 #4? | Seconds between the request to end and the kill. 30 by default.
    - tolerations [Toleration] #22 atomic | Taints of nodes that the pod accepts.
    - topologySpreadConstraints [TopologySpreadConstraint] #33 merge=topologyKey map=topologyKey,whenUnsatisfiable | \
      How the pods of a kind are spread over zones and nodes.
    - volumes [Volume] #1 merge=name strategy=merge,retainKeys map=name | What containers can mount.
    Container | A program that a pod runs from an image.
    - args [string] #4 atomic | Arguments; those of the image where absent. $(NAME) is replaced by that variable.
    - command [string] #3 atomic | The program with its first arguments; the image's entry point where absent.
    - env [EnvVar] #7 merge=name map=name | Environment variables.
    - envFrom [EnvFromSource] #19 atomic | Objects whose keys all become environment variables; env wins over them.
    - image string #2 | The image's name, with registry, tag or digest.
    - imagePullPolicy string #14 (Always,IfNotPresent,Never) | When the image is pulled. Always for the tag latest, \
      else IfNotPresent.
    - lifecycle Lifecycle #12? | What to do after the start and before the end.
    - livenessProbe Probe #10? | How to find out that the container must be started again.
    - name! string #1 | Unique in the pod; a DNS label. Cannot be changed.
    - ports [ContainerPort] #6 merge=containerPort map=containerPort,protocol | Ports that the program listens at.
    - readinessProbe Probe #11? | How to find out whether the container can take traffic.
    - resizePolicy [ContainerResizePolicy] #23 atomic | What a change of resources needs.
    - resources ResourceRequirements #8 | What the container needs, and the most it may use.
    - restartPolicy string #24? | Always, on an init container: it is a sidecar.
    - securityContext SecurityContext #15? | Users and privileges; wins over the pod's.
    - startupProbe Probe #22? | How to find out that the program has started; the other probes wait for it.
    - stdin bool #16 | Whether standard input stays open.
    - stdinOnce bool #17 | Whether standard input closes after the first client.
    - terminationMessagePath string #13 | The file from which the reason of the end is read. /dev/termination-log by \
      default.
    - terminationMessagePolicy string #20 (FallbackToLogsOnError,File) | Whether the log may stand in for that file.
    - tty bool #18 | Whether the container has a terminal.
    - volumeDevices [VolumeDevice] #21 merge=devicePath map=devicePath | Volumes given as block devices.
    - volumeMounts [VolumeMount] #9 merge=mountPath map=mountPath | Volumes, and where they appear.
    - workingDir string #5 | The directory that the program starts in.
    EphemeralContainer : Container #1 | A container added to a running pod, for debugging.
    - targetContainerName string #2 | The container whose processes it sees.
    ContainerPort | A port that a container listens at.
    - containerPort! int32 #3 | The number, 1 to 65535.
    - hostIP string #5 | The address of the node to bind.
    - hostPort int32 #2 | The port of the node to bind.
    - name string #1 | A name for services and probes, unique in the pod.
    - protocol string #4 (SCTP,TCP,UDP) | TCP by default.
    EnvVar | An environment variable.
    - name! string #1 | The variable's name.
    - value string #2 | Its value; $(NAME) is replaced by an earlier variable.
    - valueFrom EnvVarSource #3? | Where the value comes from, in place of value.
    EnvVarSource | Where a variable's value comes from. One of these.
    - configMapKeyRef ConfigMapKeySelector #3? | A key of a ConfigMap.
    - fieldRef ObjectFieldSelector #1? | A field of the pod, such as status.podIP.
    - resourceFieldRef ResourceFieldSelector #2? | A request or limit of the container.
    - secretKeyRef SecretKeySelector #4? | A key of a Secret.
    EnvFromSource | An object whose keys all become variables.
    - configMapRef ConfigMapEnvSource #2? | A ConfigMap.
    - prefix string #1 | What to put before each name.
    - secretRef SecretEnvSource #3? | A Secret.
    ConfigMapEnvSource | A ConfigMap, by name.
    - name string #1.1 | The name.
    - optional bool #2? | Whether the pod starts without it.
    SecretEnvSource : ConfigMapEnvSource | A Secret, by name.
    ConfigMapKeySelector | A key of a ConfigMap.
    - key! string #2 | The key.
    - name string #1.1 | The ConfigMap's name.
    - optional bool #3? | Whether the pod starts without it.
    SecretKeySelector : ConfigMapKeySelector | A key of a Secret.
    ObjectFieldSelector | A field of the pod itself.
    - apiVersion string #1 | The version in whose terms the path is. v1 by default.
    - fieldPath! string #2 | The field's path.
    ResourceFieldSelector | A request or limit of a container.
    - containerName string #1 | The container; needed in volumes.
    - divisor Quantity #3 | The unit of the result. 1 by default.
    - resource! string #2 | Such as limits.cpu.
    ResourceRequirements | What is needed at least, and what may be used at most.
    - claims [ResourceClaim] #3 map=name | Claims of the pod that the container uses.
    - limits {Quantity} #1 | The most, by resource.
    - requests {Quantity} #2 | The least, by resource; the scheduler finds room for it. The limit where absent.
    ResourceClaim | A claim of the pod.
    - name! string #1 | The claim's name in the pod.
    - request string #2 | The part of the claim.
    ContainerResizePolicy | What a change of one resource needs.
    - resourceName! string #1 | cpu or memory.
    - restartPolicy! string #2 | NotRequired or RestartContainer.
    Probe | How the health of a container is asked for. One of exec, grpc, httpGet and tcpSocket.
    - exec ExecAction #1.1? | A command in the container; exit code 0 is success.
    - failureThreshold int32 #6 | Failures in a row until the probe has failed. 3 by default.
    - grpc GRPCAction #1.4? | A gRPC health check.
    - httpGet HTTPGetAction #1.2? | An HTTP request; a status from 200 to 399 is success.
    - initialDelaySeconds int32 #2 | Seconds after the start before the first probe.
    - periodSeconds int32 #4 | Seconds between probes. 10 by default.
    - successThreshold int32 #5 | Successes in a row until the probe has succeeded. 1 by default.
    - tcpSocket TCPSocketAction #1.3? | A TCP connection; being accepted is success.
    - terminationGracePeriodSeconds int64 #7? | The grace period for an end that this probe brings about.
    - timeoutSeconds int32 #3 | Seconds to wait for the answer. 1 by default.
    ExecAction | A command in the container, without a shell.
    - command [string] #1 atomic | The program and its arguments.
    GRPCAction | A gRPC health check.
    - port! int32 #1 | The port.
    - service string #2? | The service to ask for.
    HTTPGetAction | An HTTP request.
    - host string #3 | The host; the pod's address by default.
    - httpHeaders [HTTPHeader] #5 atomic | Headers to send.
    - path string #1 | The path. / by default.
    - port! IntOrString #2 | The port's number or name.
    - scheme string #4 (HTTP,HTTPS) | HTTP by default.
    HTTPHeader | A header of a request.
    - name! string #1 | Its name.
    - value! string #2 | Its value.
    TCPSocketAction | A TCP connection.
    - host string #2 | The host; the pod's address by default.
    - port! IntOrString #1 | The port's number or name.
    Lifecycle | What to do after a container's start and before its end.
    - postStart LifecycleHandler #1? | Done right after the start.
    - preStop LifecycleHandler #2? | Done before the program is asked to end, within the grace period.
    - stopSignal string #3? | The signal that asks the program to end.
    LifecycleHandler | Something to do. One of these.
    - exec ExecAction #1? | A command in the container.
    - httpGet HTTPGetAction #2? | An HTTP request.
    - sleep SleepAction #4? | A pause.
    - tcpSocket TCPSocketAction #3? | No longer supported.
    SleepAction | A pause.
    - seconds! int64 #1 | How long.
    LocalObjectReference | An object of the same namespace.
    - name string #1 | Its name.
    HostAlias | A line of the hosts file.
    - hostnames [string] #2 atomic | Names for the address.
    - ip! string #1 | The address.
    PodDNSConfig | DNS settings of a pod.
    - nameservers [string] #1 atomic | Addresses of name servers.
    - options [PodDNSConfigOption] #3 atomic | Options of the resolver.
    - searches [string] #2 atomic | Domains to search.
    PodDNSConfigOption | An option of the resolver.
    - name string #1 | Its name.
    - value string #2? | Its value.
    PodOS | An operating system.
    - name! string #1 | linux or windows.
    PodReadinessGate | A condition that a pod waits for.
    - conditionType! string #1 | The condition's type.
    PodSchedulingGate | Something that holds a pod back from scheduling.
    - name! string #1 | Its name.
    PodResourceClaim | Devices that a pod claims.
    - name! string #1 | The claim's name in the pod.
    - resourceClaimName string #3? | A claim that is there.
    - resourceClaimTemplateName string #4? | A template to make the claim from.
    PodSecurityContext | Users, groups and privileges of a pod.
    - appArmorProfile AppArmorProfile #11? | The AppArmor profile.
    - fsGroup int64 #5? | The group that owns the volumes.
    - fsGroupChangePolicy string #9? | When ownership of volumes is changed: OnRootMismatch or Always.
    - runAsGroup int64 #6? | The group to run as.
    - runAsNonRoot bool #3? | Whether running as root is refused.
    - runAsUser int64 #2? | The user to run as.
    - seLinuxChangePolicy string #13? | How volumes get their SELinux label.
    - seLinuxOptions SELinuxOptions #1? | The SELinux label.
    - seccompProfile SeccompProfile #10? | The seccomp profile.
    - supplementalGroups [int64] #4 atomic | Further groups.
    - supplementalGroupsPolicy string #12? | Merge or Strict.
    - sysctls [Sysctl] #7 atomic | Kernel settings of the pod.
    - windowsOptions WindowsSecurityContextOptions #8? | For Windows.
    SecurityContext | Users and privileges of a container.
    - allowPrivilegeEscalation bool #7? | Whether a process may gain more privileges than its parent.
    - appArmorProfile AppArmorProfile #12? | The AppArmor profile.
    - capabilities Capabilities #1? | Capabilities added and dropped.
    - privileged bool #2? | Whether the container is as mighty as root on the node.
    - procMount string #9? | How /proc is mounted: Default or Unmasked.
    - readOnlyRootFilesystem bool #6? | Whether the root file system is read-only.
    - runAsGroup int64 #8? | The group to run as.
    - runAsNonRoot bool #5? | Whether running as root is refused.
    - runAsUser int64 #4? | The user to run as.
    - seLinuxOptions SELinuxOptions #3? | The SELinux label.
    - seccompProfile SeccompProfile #11? | The seccomp profile.
    - windowsOptions WindowsSecurityContextOptions #10? | For Windows.
    AppArmorProfile | An AppArmor profile.
    - localhostProfile string #2? | A profile loaded on the node.
    - type! string #1 | Localhost, RuntimeDefault or Unconfined.
    SeccompProfile : AppArmorProfile | A seccomp profile.
    Capabilities | Linux capabilities.
    - add [string] #1 atomic | Added ones.
    - drop [string] #2 atomic | Dropped ones.
    SELinuxOptions | An SELinux label.
    - level string #4 | The level.
    - role string #2 | The role.
    - type string #3 | The type.
    - user string #1 | The user.
    Sysctl | A kernel setting.
    - name! string #1 | Its name.
    - value! string #2 | Its value.
    WindowsSecurityContextOptions | Identity of a Windows container.
    - gmsaCredentialSpec string #2? | The GMSA credential spec itself.
    - gmsaCredentialSpecName string #1? | The name of one.
    - hostProcess bool #4? | Whether it runs as a process of the host.
    - runAsUserName string #3? | The user to run as.
    Affinity | Rules about nodes and neighbours.
    - nodeAffinity NodeAffinity #1? | Which nodes.
    - podAffinity PodAffinity #2? | Near which pods.
    - podAntiAffinity PodAntiAffinity #3? | Away from which pods.
    NodeAffinity | Which nodes a pod wants.
    - preferredDuringSchedulingIgnoredDuringExecution [PreferredSchedulingTerm] #2 atomic | Wishes, with weights.
    - requiredDuringSchedulingIgnoredDuringExecution NodeSelector #1? | What must be.
    NodeSelector | Alternatives of which one must hold.
    - nodeSelectorTerms! [NodeSelectorTerm] #1 atomic | The alternatives.
    NodeSelectorTerm | Conditions that must all hold.
    - matchExpressions [NodeSelectorRequirement] #1 atomic | Conditions on labels.
    - matchFields [NodeSelectorRequirement] #2 atomic | Conditions on fields: metadata.name.
    NodeSelectorRequirement | One condition on one label.
    - key! string #1 | The label's key.
    - operator! string #2 (DoesNotExist,Exists,Gt,In,Lt,NotIn) | How the values are compared.
    - values [string] #3 atomic | The values.
    PreferredSchedulingTerm | A wish with a weight.
    - preference! NodeSelectorTerm #2 | The wish.
    - weight! int32 #1 | 1 to 100.
    PodAffinity | Near which pods a pod wants to be.
    - preferredDuringSchedulingIgnoredDuringExecution [WeightedPodAffinityTerm] #2 atomic | Wishes, with weights.
    - requiredDuringSchedulingIgnoredDuringExecution [PodAffinityTerm] #1 atomic | What must be.
    PodAntiAffinity : PodAffinity | Away from which pods a pod wants to be.
    WeightedPodAffinityTerm | A wish with a weight.
    - podAffinityTerm! PodAffinityTerm #2 | The wish.
    - weight! int32 #1 | 1 to 100.
    PodAffinityTerm | Other pods, and what counts as near.
    - labelSelector LabelSelector #1? | Which pods.
    - matchLabelKeys [string] #5 atomic | Labels whose values are taken from the pod itself.
    - mismatchLabelKeys [string] #6 atomic | Labels whose values must differ from the pod's.
    - namespaceSelector LabelSelector #4? | Namespaces to look in, by label.
    - namespaces [string] #2 atomic | Namespaces to look in; the pod's own by default.
    - topologyKey! string #3 | Nodes with the same value of this label are near each other.
    Toleration | A taint that a pod accepts.
    - effect string #4 (NoExecute,NoSchedule,PreferNoSchedule) | The effect; all where empty.
    - key string #1 | The taint's key; all where empty, with Exists.
    - operator string #2 (Equal,Exists) | Equal by default.
    - tolerationSeconds int64 #5? | Seconds for which a NoExecute taint is accepted; forever where absent.
    - value string #3 | The taint's value, for Equal.
    TopologySpreadConstraint | How pods are spread over the values of a node label.
    - labelSelector LabelSelector #4? | Which pods are counted.
    - matchLabelKeys [string] #8 atomic | Labels whose values are taken from the pod itself.
    - maxSkew! int32 #1 | By how many pods two values may differ.
    - minDomains int32 #5? | The fewest values that count.
    - nodeAffinityPolicy string #6? (Honor,Ignore) | Whether nodes that the pod cannot use are left out. Honor by \
      default.
    - nodeTaintsPolicy string #7? (Honor,Ignore) | Whether tainted nodes are left out. Ignore by default.
    - topologyKey! string #2 | The node label.
    - whenUnsatisfiable! string #3 (DoNotSchedule,ScheduleAnyway) | What to do where it cannot be kept.
    PodStatus | What was last seen of a pod.
    - conditions [PodCondition] #2 merge=type map=type | Scheduled, initialized, ready and the like.
    - containerStatuses [ContainerStatus] #8 atomic | Each container's state.
    - ephemeralContainerStatuses [ContainerStatus] #13 atomic | Each ephemeral container's state.
    - hostIP string #5 | The node's address.
    - hostIPs [HostIP] #16 merge=ip atomic | All of the node's addresses.
    - initContainerStatuses [ContainerStatus] #10 atomic | Each init container's state.
    - message string #3 | For people: why the pod is in this state.
    - nominatedNodeName string #11 | The node on which room is being made.
    - observedGeneration int64 #17 | The generation that was seen.
    - phase string #1 (Failed,Pending,Running,Succeeded,Unknown) | Where the pod is in its life.
    - podIP string #6 | The pod's address.
    - podIPs [PodIP] #12 merge=ip map=ip | All of the pod's addresses.
    - qosClass string #9 (BestEffort,Burstable,Guaranteed) | Who is evicted first when a node runs short.
    - reason string #4 | For programs: why the pod is in this state.
    - resize string #14 | The state of a change of resources.
    - resourceClaimStatuses [PodResourceClaimStatus] #15 merge=name strategy=merge,retainKeys map=name | The claims \
      made for the pod.
    - startTime Time #7? | When the node accepted the pod.
    PodResourceClaimStatus | A claim made for a pod.
    - name! string #1 | The claim's name in the pod.
    - resourceClaimName string #2? | The claim.
    PodCondition | One aspect of a pod's state.
    - lastProbeTime Time #3 | When it was last looked at.
    - lastTransitionTime Time #4 | When it last changed.
    - message string #6 | For people.
    - observedGeneration int64 #7 | The generation that was seen.
    - reason string #5 | For programs.
    - status! string #2 | True, False or Unknown.
    - type! string #1 | Which aspect.
    PodIP | An address.
    - ip! string #1 | The address.
    HostIP : PodIP | An address.
    ContainerStatus | What was last seen of a container.
    - allocatedResources {Quantity} #10 | What the node set aside.
    - allocatedResourcesStatus [ResourceStatus] #14 merge=name map=name | The health of devices.
    - containerID string #8 | The runtime's name for it.
    - image! string #6 | The image that runs.
    - imageID! string #7 | That image's digest.
    - lastState ContainerState #3 | How it ended before.
    - name! string #1 | The container's name.
    - ready! bool #4 | Whether it is ready.
    - resources ResourceRequirements #11? | What it was started with.
    - restartCount! int32 #5 | How often it was started again.
    - started bool #9? | Whether its startup probe has succeeded.
    - state ContainerState #2 | What it is doing.
    - stopSignal string #15? | The signal that asks it to end.
    - user ContainerUser #13? | Who it runs as.
    - volumeMounts [VolumeMountStatus] #12 merge=mountPath map=mountPath | Its mounts.
    ContainerUser | Who a container runs as.
    - linux LinuxContainerUser #1? | On Linux.
    LinuxContainerUser | User and groups.
    - gid! int64 #2 | The group.
    - supplementalGroups [int64] #3 atomic | Further groups.
    - uid! int64 #1 | The user.
    ResourceStatus | The health of a device resource.
    - name! string #1 | The resource.
    - resources [ResourceHealth] #2 map=resourceID | Each device.
    ResourceHealth | The health of a device.
    - health string #2 | Healthy, Unhealthy or Unknown.
    - resourceID! string #1 | The device.
    VolumeMountStatus | A mount as it is.
    - mountPath! string #2 | Where.
    - name! string #1 | The volume.
    - readOnly bool #3 | Whether it is read-only.
    - recursiveReadOnly string #4? | Whether that holds below it too.
    ContainerState | One of waiting, running and terminated.
    - running ContainerStateRunning #2? | It runs.
    - terminated ContainerStateTerminated #3? | It ended.
    - waiting ContainerStateWaiting #1? | It has not begun.
    ContainerStateRunning | A running container.
    - startedAt Time #1 | Since when.
    ContainerStateTerminated | An ended container.
    - containerID string #7 | The runtime's name for it.
    - exitCode! int32 #1 | The exit code.
    - finishedAt Time #6 | When it ended.
    - message string #4 | For people: why.
    - reason string #3 | For programs: why.
    - signal int32 #2 | The signal that ended it.
    - startedAt Time #5 | When it had begun.
    ContainerStateWaiting | A container that has not begun.
    - message string #2 | For people: why.
    - reason string #1 | For programs: why, such as ImagePullBackOff.
    Binding kind | Ties a pod to a node. Sent to a pod's binding subresource.
    - target! ObjectReference #2 | The node.
    """
}
