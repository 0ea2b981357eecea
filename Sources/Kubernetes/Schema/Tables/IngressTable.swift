extension SchemaTable {
  /// Traffic from outside, and traffic that is allowed.
  static let ingress = """
    @ io.k8s.api.networking.v1 networking.k8s.io/v1
    Ingress kind | Routes HTTP requests from outside to services.
    - spec IngressSpec #2 | What is wanted.
    - status IngressStatus #3 | What was last seen.
    IngressSpec | Which requests go where.
    - defaultBackend IngressBackend #1? | Where requests go that no rule takes.
    - ingressClassName string #4? | Who carries the routes out.
    - rules [IngressRule] #3 atomic | Routes by host and path.
    - tls [IngressTLS] #2 atomic | Certificates by host.
    IngressBackend | Where requests go. One of resource and service.
    - resource TypedLocalObjectReference #3? | Another object of the namespace.
    - service IngressServiceBackend #4? | A service.
    IngressServiceBackend | A port of a service.
    - name! string #1 | The service.
    - port ServiceBackendPort #2 | Its port.
    ServiceBackendPort atomic | A service's port, by name or by number.
    - name string #1
    - number int32 #2
    IngressTLS | A certificate for hosts.
    - hosts [string] #1 atomic | The hosts.
    - secretName string #2 | The secret with the certificate and its key.
    IngressRule | Routes of one host.
    - host string #1 | The host, where *. may stand for the first label; all hosts where absent.
    - http HTTPIngressRuleValue #2.1? | Routes by path.
    HTTPIngressRuleValue | Routes by path.
    - paths! [HTTPIngressPath] #1 atomic | The routes.
    HTTPIngressPath | A route.
    - backend! IngressBackend #2 | Where the requests go.
    - path string #1 | The path.
    - pathType! string #3? (Exact,ImplementationSpecific,Prefix) | Exact, Prefix, or ImplementationSpecific.
    IngressStatus | Where the routes can be reached.
    - loadBalancer IngressLoadBalancerStatus #1
    IngressLoadBalancerStatus | Addresses in front of the routes.
    - ingress [IngressLoadBalancerIngress] #1 atomic
    IngressLoadBalancerIngress | An address in front of the routes.
    - hostname string #2
    - ip string #1
    - ports [IngressPortStatus] #4 atomic
    IngressPortStatus | A port in front of the routes.
    - error string #3?
    - port! int32 #1
    - protocol! string #2 (SCTP,TCP,UDP)
    IngressClass kind | Who carries out the Ingresses that name this class.
    - spec IngressClassSpec #2 | What is wanted.
    IngressClassSpec | Who, and with which parameters.
    - controller string #1 | The controller's name, such as example.com/ingress.
    - parameters IngressClassParametersReference #2? | An object with more settings.
    IngressClassParametersReference | An object with settings.
    - apiGroup string #1?
    - kind! string #2
    - name! string #3
    - namespace string #5?
    - scope string #4? always
    NetworkPolicy kind | Which traffic certain pods may have.
    - spec NetworkPolicySpec #2 | What is wanted.
    NetworkPolicySpec | The pods and their traffic.
    - egress [NetworkPolicyEgressRule] #3 atomic | What they may connect to.
    - ingress [NetworkPolicyIngressRule] #2 atomic | What may connect to them.
    - podSelector! LabelSelector #1 | The pods that are meant; all of the namespace where empty.
    - policyTypes [string] #4 atomic | Ingress, Egress or both.
    NetworkPolicyIngressRule | Traffic that may come in.
    - from [NetworkPolicyPeer] #2 atomic | From whom; everybody where empty.
    - ports [NetworkPolicyPort] #1 atomic | To which ports; all where empty.
    NetworkPolicyPort | A port, or several in a row.
    - endPort int32 #3? | The last of them.
    - port IntOrString #2? | A number, or the name of a container's port.
    - protocol string #1? (SCTP,TCP,UDP) | TCP, UDP or SCTP. TCP by default.
    NetworkPolicyPeer | The other side of the traffic.
    - ipBlock IPBlock #3? | Addresses.
    - namespaceSelector LabelSelector #2? | Pods of these namespaces.
    - podSelector LabelSelector #1? | These pods.
    IPBlock | Addresses.
    - cidr! string #1 | A range, such as 10.0.0.0/8.
    - except [string] #2 atomic | Ranges in it that are not meant.
    NetworkPolicyEgressRule | Traffic that may go out.
    - ports [NetworkPolicyPort] #1 atomic | To which ports; all where empty.
    - to [NetworkPolicyPeer] #2 atomic | To whom; everybody where empty.
    """
}
