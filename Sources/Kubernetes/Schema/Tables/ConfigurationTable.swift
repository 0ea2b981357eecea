extension SchemaTable {
  /// What is kept for pods, and events.
  static let configuration = """
    @ io.k8s.api.core.v1 v1
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
    ObjectReference atomic | An object, or a part of one.
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
    - reportingComponent string #14 always | Who reported it.
    - reportingInstance string #15 always | Which instance of that.
    - series EventSeries #11? | How it went on.
    - source EventSource #5 | Who reported it, in the older form.
    - type string #9 | Normal or Warning.
    EventSeries | An event that goes on.
    - count int32 #1 | How often.
    - lastObservedTime MicroTime #2 | When last.
    EventSource | Who reported an event.
    - component string #1 | The program.
    - host string #2 | The node.
    @ io.k8s.api.events.v1 events.k8s.io/v1
    Event kind | Something that happened to an object.
    - action string #6 | What was done about it.
    - deprecatedCount int32 #15
    - deprecatedFirstTimestamp Time #13
    - deprecatedLastTimestamp Time #14
    - deprecatedSource EventSource #12
    - eventTime! MicroTime #2 | When it happened first.
    - note string #10 | What happened, for people.
    - reason string #7 | Why, in one word.
    - regarding ObjectReference #8 | What it happened to.
    - related ObjectReference #9? | Another object that has to do with it.
    - reportingController string #4 | Who tells of it.
    - reportingInstance string #5 | Which instance of that.
    - series EventSeries #3? | How often it happened, where more than once.
    - type string #11 | Normal or Warning.
    EventSeries | How often something happened.
    - count! int32 #1
    - lastObservedTime! MicroTime #2
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
    """
}
