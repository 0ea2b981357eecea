extension SchemaTable {
  /// Services and their endpoints.
  static let networking = """
    @ io.k8s.api.core.v1 v1
    Service kind | A name and an address under which pods are reached.
    - spec ServiceSpec | Which pods, at which ports.
    - status ServiceStatus | What was last seen of it.
    ServiceSpec | Which pods a service stands for, and at which ports.
    - allocateLoadBalancerNodePorts bool | Whether a LoadBalancer has node ports too. True by default.
    - clusterIP string | The address; given by the server. None: the pods' own addresses instead.
    - clusterIPs [string] atomic | The addresses of every address family.
    - externalIPs [string] atomic | Further addresses that lead here.
    - externalName string | The name that this one stands for, for ExternalName.
    - externalTrafficPolicy string (Cluster,Local) | Whether traffic from outside may go to another node.
    - healthCheckNodePort int32 | Where load balancers ask for health, for Local.
    - internalTrafficPolicy string (Cluster,Local) | Whether traffic from inside may go to another node.
    - ipFamilies [string] atomic | IPv4, IPv6.
    - ipFamilyPolicy string (PreferDualStack,RequireDualStack,SingleStack) | One family or two.
    - loadBalancerClass string | Which load balancer.
    - loadBalancerIP string | The load balancer's wanted address; no longer recommended.
    - loadBalancerSourceRanges [string] atomic | Clients that the load balancer lets in.
    - ports [ServicePort] merge=port map=port,protocol | The ports.
    - publishNotReadyAddresses bool | Whether pods that are not ready are found too.
    - selector {string} atomic | Labels of the pods.
    - sessionAffinity string (ClientIP,None) | Whether a client stays with a pod. None by default.
    - sessionAffinityConfig SessionAffinityConfig | For how long.
    - trafficDistribution string | Whether near endpoints are preferred: PreferClose.
    - type string (ClusterIP,ExternalName,LoadBalancer,NodePort) | How the service is reached. ClusterIP by default.
    ServicePort | A port of a service.
    - appProtocol string | The application protocol, such as http or kubernetes.io/h2c.
    - name string | Needed where there are several ports; a DNS label.
    - nodePort int32 | The port of every node, for NodePort and LoadBalancer; 30000 to 32767, given by the server \
      where absent.
    - port! int32 | The service's port.
    - protocol string (SCTP,TCP,UDP) | TCP by default.
    - targetPort IntOrString | The pods' port, by number or name; the same as port where absent.
    SessionAffinityConfig | How long a client stays with a pod.
    - clientIP ClientIPConfig | By its address.
    ClientIPConfig | How long a client's address is remembered.
    - timeoutSeconds int32 | Seconds. 10800 by default.
    ServiceStatus | What was last seen of a service.
    - conditions [Condition] merge=type map=type | Its state.
    - loadBalancer LoadBalancerStatus | Its load balancer.
    LoadBalancerStatus | A load balancer.
    - ingress [LoadBalancerIngress] atomic | Where it is reached.
    LoadBalancerIngress | Where a load balancer is reached.
    - hostname string | By name.
    - ip string | By address.
    - ipMode string | VIP or Proxy.
    - ports [PortStatus] atomic | Its ports.
    PortStatus | A port of a load balancer.
    - error string | Why it does not work.
    - port! int32 | The port.
    - protocol! string | The protocol.
    @ io.k8s.api.discovery.v1 discovery.k8s.io/v1
    EndpointSlice kind | Some of the endpoints of a service.
    - addressType! string (FQDN,IPv4,IPv6) | What the addresses are. Cannot be changed.
    - endpoints! [Endpoint] atomic | The endpoints, at most 1000.
    - ports [EndpointPort] atomic | The ports that each endpoint has.
    Endpoint | Where a service is served.
    - addresses! [string] set | Its addresses; the first one is used.
    - conditions EndpointConditions | Whether it serves.
    - deprecatedTopology {string} | No longer used.
    - hints EndpointHints | For whom it is meant.
    - hostname string | Its host name.
    - nodeName string | The node it is on.
    - targetRef ObjectReference | The pod it is.
    - zone string | The zone it is in.
    EndpointConditions | Whether an endpoint serves.
    - ready bool | Whether it takes new traffic.
    - serving bool | The same, whether or not it is terminating.
    - terminating bool | Whether it is about to end.
    EndpointHints | For whom an endpoint is meant.
    - forZones [ForZone] atomic | For which zones.
    ForZone | A zone.
    - name! string | Its name.
    EndpointPort | A port of endpoints.
    - appProtocol string | The application protocol.
    - name string | The name of the service's port.
    - port int32 | The number.
    - protocol string | TCP, UDP or SCTP.
    """
}
