extension SchemaTable {
  /// Pods, and the containers in them.
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
    - protocol string #4 default=TCP (SCTP,TCP,UDP) | TCP by default.
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
    ConfigMapKeySelector atomic | A key of a ConfigMap.
    - key! string #2 | The key.
    - name string #1.1 | The ConfigMap's name.
    - optional bool #3? | Whether the pod starts without it.
    SecretKeySelector : ConfigMapKeySelector atomic | A key of a Secret.
    ObjectFieldSelector atomic | A field of the pod itself.
    - apiVersion string #1 | The version in whose terms the path is. v1 by default.
    - fieldPath! string #2 | The field's path.
    ResourceFieldSelector atomic | A request or limit of a container.
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
    - service string #2? always | The service to ask for.
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
    LifecycleHandler | Something to do. One of these.
    - exec ExecAction #1? | A command in the container.
    - httpGet HTTPGetAction #2? | An HTTP request.
    - sleep SleepAction #4? | A pause.
    - tcpSocket TCPSocketAction #3? | No longer supported.
    SleepAction | A pause.
    - seconds! int64 #1 | How long.
    LocalObjectReference atomic | An object of the same namespace.
    - name string #1 default="" | Its name.
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
    """
}
