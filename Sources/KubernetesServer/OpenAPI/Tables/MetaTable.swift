extension SchemaTable {
  /// What every kind has in common. The notation is explained at `SchemaTable`.
  static let meta = """
    @ io.k8s.apimachinery.pkg.apis.meta.v1
    ObjectMeta | What the server keeps of every object, beside what the kind itself says.
    - annotations {string} | Free texts for tools and people; nothing is selected by them.
    - creationTimestamp Time | When the object was created. Set by the server.
    - deletionGracePeriodSeconds int64 | Seconds that the object has for an orderly end, once it is being deleted.
    - deletionTimestamp Time | When the object is to be gone. Set by the server when a deletion is asked for.
    - finalizers [string] strategy=merge set | Who must finish something before the object may go.
    - generateName string | A prefix from which the server makes a name, where no name is given.
    - generation int64 | Grows by one with every change of the desired state.
    - labels {string} | Keys and values by which objects are selected.
    - managedFields [ManagedFieldsEntry] atomic | Which manager set which fields, for server-side apply.
    - name string | Unique within the kind and namespace. Cannot be changed.
    - namespace string | The namespace that the object lives in. Cannot be changed.
    - ownerReferences [OwnerReference] merge=uid map=uid | Objects that this one belongs to; it goes when they are \
      all gone.
    - resourceVersion string | An opaque mark of the stored state; an update that carries an old one is refused.
    - selfLink string | No longer filled in.
    - uid string | Unique over all time. Set by the server.
    ListMeta | What the server tells of a list.
    - continue string | A token with which to ask for the rest of the list.
    - remainingItemCount int64 | How many more objects the rest has.
    - resourceVersion string | The state at which the list was taken; a watch can start from it.
    - selfLink string | No longer filled in.
    OwnerReference | An object that another one belongs to.
    - apiVersion! string | The API version of the owner.
    - blockOwnerDeletion bool | Whether a foreground deletion of the owner waits for this object.
    - controller bool | Whether the owner manages this object.
    - kind! string | The kind of the owner.
    - name! string | The name of the owner.
    - uid! string | The UID of the owner.
    ManagedFieldsEntry | The fields that one manager has set.
    - apiVersion string | The version in whose terms the fields are written.
    - fieldsType string | How the fields are written: FieldsV1.
    - fieldsV1 FieldsV1 | The fields themselves, as a set of paths.
    - manager string | Who set them.
    - operation string | Apply or Update.
    - subresource string | The subresource through which they were set.
    - time Time | When they were last set.
    FieldsV1 | A set of field paths: `f:` a field, `k:` the key of a list's element, `v:` a value, `.` the thing itself.
    LabelSelector | Which objects are meant, by their labels. All conditions must hold; an empty selector means all.
    - matchExpressions [LabelSelectorRequirement] atomic | Conditions on single labels.
    - matchLabels {string} | Labels with their exact values.
    LabelSelectorRequirement | One condition on one label.
    - key! string | The label's key.
    - operator! string | In, NotIn, Exists or DoesNotExist.
    - values [string] atomic | The values that In and NotIn compare with.
    Condition | One aspect of an object's state, as last observed.
    - lastTransitionTime! Time | When the status last changed.
    - message! string | For people: what that means.
    - observedGeneration int64 | The generation that the observation was made of.
    - reason! string | For programs: why, in one word.
    - status! string | True, False or Unknown.
    - type! string | Which aspect.
    Status | The result of a request that has no object to return.
    - apiVersion string | Always v1.
    - code int32 | The HTTP status.
    - details StatusDetails | More about the failure.
    - kind string | Always Status.
    - message string | For people: what happened.
    - metadata ListMeta | Empty.
    - reason string | For programs: why, in one word.
    - status string | Success or Failure.
    StatusDetails | What a failed request was about.
    - causes [StatusCause] atomic | Each thing that was wrong.
    - group string | The group of the object.
    - kind string | The kind of the object.
    - name string | The name of the object.
    - retryAfterSeconds int32 | Seconds after which to try again.
    - uid string | The UID of the object.
    StatusCause | One thing that was wrong.
    - field string | The field, as a path.
    - message string | For people: what was wrong with it.
    - reason string | For programs: the kind of mistake.
    DeleteOptions | How to delete.
    - apiVersion string | The version of these options.
    - dryRun [string] atomic | `All`: try it, and store nothing.
    - gracePeriodSeconds int64 | Seconds for an orderly end; 0 is at once.
    - ignoreStoreReadErrorWithClusterBreakingPotential bool | Delete even what can no longer be read.
    - kind string | DeleteOptions.
    - orphanDependents bool | The older form of propagationPolicy.
    - preconditions Preconditions | What must hold, or nothing is deleted.
    - propagationPolicy string | What becomes of dependents: Orphan, Background or Foreground.
    Preconditions | What must hold of an object for a request to be carried out.
    - resourceVersion string | The object is still at this version.
    - uid string | The object has this UID.
    Patch | A change to an object, in the form that the content type says.
    Time = string date-time | A moment, as RFC 3339 writes it.
    MicroTime = string date-time | A moment with microseconds, as RFC 3339 writes it.
    @ io.k8s.apimachinery.pkg.api.resource
    Quantity = quantity | An amount such as 250m, 1.5 or 256Mi.
    @ io.k8s.apimachinery.pkg.util.intstr
    IntOrString = int-or-string | A number, or a text such as a port's name or a percentage.
    @ io.k8s.apimachinery.pkg.runtime
    RawExtension | Any JSON.
    """
}
