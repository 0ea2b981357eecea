extension SchemaTable {
  /// Definitions of custom resources.
  static let definitions = """
    @ io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1 apiextensions.k8s.io/v1
    CustomResourceDefinition kind | A kind that the API does not have of its own.
    - spec! CustomResourceDefinitionSpec | What the kind is like.
    - status CustomResourceDefinitionStatus | Whether it is served.
    CustomResourceDefinitionSpec | What a kind is like.
    - conversion CustomResourceConversion | How objects go from one version to another.
    - group! string | The API group.
    - names! CustomResourceDefinitionNames | What the kind is called.
    - preserveUnknownFields bool | Must be false; schemas say it field by field.
    - scope! string | Namespaced or Cluster.
    - versions! [CustomResourceDefinitionVersion] atomic | The versions, exactly one of them stored.
    CustomResourceConversion | How objects go from one version to another.
    - strategy! string | None: only apiVersion changes. Webhook: a service does it.
    - webhook any | That service.
    CustomResourceDefinitionNames | What a kind is called.
    - categories [string] atomic | Groups of kinds such as all.
    - kind! string | In manifests, such as PushCampaign.
    - listKind string | Of lists; the kind with List by default.
    - plural! string | In paths, such as pushcampaigns.
    - shortNames [string] atomic | Short forms for kubectl.
    - singular string | The kind in lower case by default.
    CustomResourceDefinitionVersion | One version of a kind.
    - additionalPrinterColumns [CustomResourceColumnDefinition] atomic | What kubectl shows.
    - deprecated bool | Whether its use is warned of.
    - deprecationWarning string | That warning.
    - name! string | Such as v1.
    - schema CustomResourceValidation | What its objects are like.
    - selectableFields [SelectableField] atomic | Fields that field selectors may name.
    - served! bool | Whether it is served.
    - storage! bool | Whether objects are stored in it.
    - subresources CustomResourceSubresources | Whether it has status and scale.
    CustomResourceColumnDefinition | A column of kubectl's table.
    - description string | What it shows.
    - format string | The value's format.
    - jsonPath! string | Where the value is.
    - name! string | Its heading.
    - priority int32 | 0 is always shown, 1 only with -o wide.
    - type! string | string, integer, number, boolean or date.
    CustomResourceValidation | What objects are like.
    - openAPIV3Schema JSONSchemaProps | The schema.
    SelectableField | A field that selectors may name.
    - jsonPath! string | The field.
    CustomResourceSubresources | What a kind has below its objects.
    - scale CustomResourceSubresourceScale | The number of pods.
    - status any | The state, written apart from the spec.
    CustomResourceSubresourceScale | Where the numbers are.
    - labelSelectorPath string | The selector, as text.
    - specReplicasPath! string | The number wanted.
    - statusReplicasPath! string | The number there is.
    CustomResourceDefinitionStatus | Whether a kind is served.
    - acceptedNames CustomResourceDefinitionNames | The names that it has.
    - conditions [CustomResourceDefinitionCondition] map=type | Established, NamesAccepted and the like.
    - storedVersions [string] atomic | Versions in which objects were ever stored.
    CustomResourceDefinitionCondition | One aspect of a definition's state.
    - lastTransitionTime Time | When it last changed.
    - message string | For people.
    - reason string | For programs.
    - status! string | True, False or Unknown.
    - type! string | Which aspect.
    JSONSchemaProps | What a value is like.
    - $ref string | Not allowed here.
    - $schema string | The dialect.
    - additionalItems any | Of elements beyond the listed ones.
    - additionalProperties any | Of members that are not listed: a schema, or true or false.
    - allOf [JSONSchemaProps] atomic | All of these must hold.
    - anyOf [JSONSchemaProps] atomic | One of these must hold.
    - default any | The value where none is given.
    - definitions {JSONSchemaProps} | Named schemas.
    - dependencies any | What one member needs.
    - description string | For people.
    - enum [any] atomic | The only values.
    - example any | An example.
    - exclusiveMaximum bool | Whether the maximum itself is too much.
    - exclusiveMinimum bool | Whether the minimum itself is too little.
    - externalDocs any | Where more is written.
    - format string | Such as date-time.
    - id string | Its name.
    - items any | Of each element.
    - maxItems int64 | At most so many elements.
    - maxLength int64 | At most so many characters.
    - maxProperties int64 | At most so many members.
    - maximum number | At most so much.
    - minItems int64 | At least so many elements.
    - minLength int64 | At least so many characters.
    - minProperties int64 | At least so many members.
    - minimum number | At least so much.
    - multipleOf number | A multiple of this.
    - not JSONSchemaProps | This must not hold.
    - nullable bool | Whether null is a value.
    - oneOf [JSONSchemaProps] atomic | Exactly one of these must hold.
    - pattern string | A regular expression that the text must match.
    - patternProperties {JSONSchemaProps} | Of members by their names' pattern.
    - properties {JSONSchemaProps} | Of each member.
    - required [string] atomic | Members that must be there.
    - title string | A heading.
    - type string | object, array, string, integer, number or boolean.
    - uniqueItems bool | Whether no two elements are equal.
    - x-kubernetes-embedded-resource bool | Whether it is an object with apiVersion, kind and metadata.
    - x-kubernetes-int-or-string bool | Whether it is a number or a text.
    - x-kubernetes-list-map-keys [string] atomic | Members by which elements are told apart.
    - x-kubernetes-list-type string | atomic, set or map.
    - x-kubernetes-map-type string | granular or atomic.
    - x-kubernetes-preserve-unknown-fields bool | Whether members that are not listed are kept.
    - x-kubernetes-validations [ValidationRule] merge=rule map=rule | Rules in CEL.
    ValidationRule | A rule in CEL.
    - fieldPath string | The field that a failure is about.
    - message string | What a failure says.
    - messageExpression string | The same, computed.
    - optionalOldSelf bool | Whether the rule also holds at creation.
    - reason string | The reason that a failure gives.
    - rule! string | The rule.
    """
}
