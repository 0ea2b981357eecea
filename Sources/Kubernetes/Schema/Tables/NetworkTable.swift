extension SchemaTable {
  /// Services and what is behind them.
  static let networking = """
    @ io.k8s.api.core.v1 v1
    Service kind | A name and an address under which pods are reached.
    - spec ServiceSpec #2 | Which pods, at which ports.
    - status ServiceStatus #3 | What was last seen of it.
    ServiceSpec | Which pods a service stands for, and at which ports.
    - allocateLoadBalancerNodePorts bool #20? | Whether a LoadBalancer has node ports too. True by default.
    - clusterIP string #3 | The address; given by the server. None: the pods' own addresses instead.
    - clusterIPs [string] #18 atomic | The addresses of every address family.
    - externalIPs [string] #5 atomic | Further addresses that lead here.
    - externalName string #10 | The name that this one stands for, for ExternalName.
    - externalTrafficPolicy string #11 (Cluster,Local) | Whether traffic from outside may go to another node.
    - healthCheckNodePort int32 #12 | Where load balancers ask for health, for Local.
    - internalTrafficPolicy string #22? (Cluster,Local) | Whether traffic from inside may go to another node.
    - ipFamilies [string] #19 atomic | IPv4, IPv6.
    - ipFamilyPolicy string #17? (PreferDualStack,RequireDualStack,SingleStack) | One family or two.
    - loadBalancerClass string #21? | Which load balancer.
    - loadBalancerIP string #8 | The load balancer's wanted address; no longer recommended.
    - loadBalancerSourceRanges [string] #9 atomic | Clients that the load balancer lets in.
    - ports [ServicePort] #1 merge=port map=port,protocol | The ports.
    - publishNotReadyAddresses bool #13 | Whether pods that are not ready are found too.
    - selector {string} #2 atomic | Labels of the pods.
    - sessionAffinity string #7 (ClientIP,None) | Whether a client stays with a pod. None by default.
    - sessionAffinityConfig SessionAffinityConfig #14? | For how long.
    - trafficDistribution string #23? | Whether near endpoints are preferred: PreferClose.
    - type string #4 (ClusterIP,ExternalName,LoadBalancer,NodePort) | How the service is reached. ClusterIP by default.
    ServicePort | A port of a service.
    - appProtocol string #6? | The application protocol, such as http or kubernetes.io/h2c.
    - name string #1 | Needed where there are several ports; a DNS label.
    - nodePort int32 #5 | The port of every node, for NodePort and LoadBalancer; 30000 to 32767, given by the server \
      where absent.
    - port! int32 #3 | The service's port.
    - protocol string #2 default=TCP (SCTP,TCP,UDP) | TCP by default.
    - targetPort IntOrString #4 | The pods' port, by number or name; the same as port where absent.
    SessionAffinityConfig | How long a client stays with a pod.
    - clientIP ClientIPConfig #1? | By its address.
    ClientIPConfig | How long a client's address is remembered.
    - timeoutSeconds int32 #1? | Seconds. 10800 by default.
    ServiceStatus | What was last seen of a service.
    - conditions [Condition] #2 merge=type map=type | Its state.
    - loadBalancer LoadBalancerStatus #1 | Its load balancer.
    LoadBalancerStatus | A load balancer.
    - ingress [LoadBalancerIngress] #1 atomic | Where it is reached.
    LoadBalancerIngress | Where a load balancer is reached.
    - hostname string #2 | By name.
    - ip string #1 | By address.
    - ipMode string #3? | VIP or Proxy.
    - ports [PortStatus] #4 atomic | Its ports.
    PortStatus | A port of a load balancer.
    - error string #3? | Why it does not work.
    - port! int32 #1 | The port.
    - protocol! string #2 (SCTP,TCP,UDP) | The protocol.
    Endpoints kind | The addresses behind a service, in the older form of EndpointSlices.
    - subsets [EndpointSubset] #2 atomic | Addresses with the ports that they have in common.
    EndpointSubset | Addresses with the ports that they have in common.
    - addresses [EndpointAddress] #1 atomic | Those that are ready.
    - notReadyAddresses [EndpointAddress] #2 atomic | Those that are not.
    - ports [EndpointPort] #3 atomic | The ports.
    EndpointAddress atomic | One address.
    - hostname string #3 | The name of the host.
    - ip! string #1 | The address.
    - nodeName string #4? | The node that it is on.
    - targetRef ObjectReference #2? | The object that has the address.
    EndpointPort atomic | A port.
    - appProtocol string #4?
    - name string #1
    - port! int32 #2
    - protocol string #3 (SCTP,TCP,UDP)
    @ io.k8s.api.discovery.v1 discovery.k8s.io/v1
    EndpointSlice kind | Some of the endpoints of a service.
    - addressType! string #4 (FQDN) | What the addresses are. Cannot be changed.
    - endpoints! [Endpoint] #2 atomic | The endpoints, at most 1000.
    - ports [EndpointPort] #3 always atomic | The ports that each endpoint has.
    Endpoint | Where a service is served.
    - addresses! [string] #1 set | Its addresses; the first one is used.
    - conditions EndpointConditions #2 | Whether it serves.
    - deprecatedTopology {string} #5 | No longer used.
    - hints EndpointHints #8? | For whom it is meant.
    - hostname string #3? | Its host name.
    - nodeName string #6? | The node it is on.
    - targetRef ObjectReference #4? | The pod it is.
    - zone string #7? | The zone it is in.
    EndpointConditions | Whether an endpoint serves.
    - ready bool #1? | Whether it takes new traffic.
    - serving bool #2? | The same, whether or not it is terminating.
    - terminating bool #3? | Whether it is about to end.
    EndpointHints | For whom an endpoint is meant.
    - forZones [ForZone] #1 atomic | For which zones.
    ForZone | A zone.
    - name! string #1 | Its name.
    EndpointPort atomic | A port.
    - appProtocol string #4? | The application protocol.
    - name string #1? | The name of the service's port.
    - port int32 #3? | The number.
    - protocol string #2? (SCTP,TCP,UDP) | TCP, UDP or SCTP.
    """
}
