extension SchemaTable {
  /// Scaling.
  static let autoscaling = """
    @ io.k8s.api.autoscaling.v2 autoscaling/v2
    HorizontalPodAutoscaler kind | Sets the number of pods by what is measured.
    - spec HorizontalPodAutoscalerSpec | What to scale, by what, and within which bounds.
    - status HorizontalPodAutoscalerStatus | What was last measured and decided.
    HorizontalPodAutoscalerSpec | What to scale, by what, and within which bounds.
    - behavior HorizontalPodAutoscalerBehavior | How fast, in either direction.
    - maxReplicas! int32 | The most pods.
    - metrics [MetricSpec] atomic | What to measure; the metric that asks for most pods decides. CPU at 80% by default.
    - minReplicas int32 | The fewest pods. 1 by default.
    - scaleTargetRef! CrossVersionObjectReference | What to scale.
    CrossVersionObjectReference | An object of the same namespace.
    - apiVersion string | Its API version.
    - kind! string | Its kind.
    - name! string | Its name.
    MetricSpec | Something to measure, with its target. One source, as type says.
    - containerResource ContainerResourceMetricSource | CPU or memory of one container of each pod.
    - external ExternalMetricSource | Something outside the cluster.
    - object ObjectMetricSource | Something of one object.
    - pods PodsMetricSource | Something of each pod, such as requests per second.
    - resource ResourceMetricSource | CPU or memory of each pod.
    - type! string | ContainerResource, External, Object, Pods or Resource.
    ResourceMetricSource | CPU or memory of each pod.
    - name! string | cpu or memory.
    - target! MetricTarget | What it should be.
    ContainerResourceMetricSource | CPU or memory of one container of each pod.
    - container! string | The container.
    - name! string | cpu or memory.
    - target! MetricTarget | What it should be.
    PodsMetricSource | Something of each pod.
    - metric! MetricIdentifier | What.
    - target! MetricTarget | What it should be, on average.
    ObjectMetricSource | Something of one object.
    - describedObject! CrossVersionObjectReference | The object.
    - metric! MetricIdentifier | What.
    - target! MetricTarget | What it should be.
    ExternalMetricSource | Something outside the cluster.
    - metric! MetricIdentifier | What.
    - target! MetricTarget | What it should be.
    MetricIdentifier | A metric's name.
    - name! string | The name.
    - selector LabelSelector | Which series of it.
    MetricTarget | What a metric should be. The field that type names.
    - averageUtilization int32 | Percent of the pods' requests.
    - averageValue Quantity | The average over all pods.
    - type! string | Utilization, Value or AverageValue.
    - value Quantity | The value itself.
    HorizontalPodAutoscalerBehavior | How fast to scale.
    - scaleDown HPAScalingRules | Downwards: all pods may go, after 300 quiet seconds, by default.
    - scaleUp HPAScalingRules | Upwards: the larger of 4 pods and double in 15 seconds, by default.
    HPAScalingRules | How fast to scale in one direction.
    - policies [HPAScalingPolicy] atomic | Limits of the speed.
    - selectPolicy string | Which of them holds: Max, Min, or Disabled for none. Max by default.
    - stabilizationWindowSeconds int32 | Seconds over which earlier recommendations hold the number. 0 upwards, 300 \
      downwards by default.
    - tolerance Quantity | How far off the target is near enough.
    HPAScalingPolicy | A limit of the speed.
    - periodSeconds! int32 | In how many seconds; 1 to 1800.
    - type! string | Pods or Percent.
    - value! int32 | How many.
    HorizontalPodAutoscalerStatus | What was last measured and decided.
    - conditions [HorizontalPodAutoscalerCondition] merge=type map=type | AbleToScale, ScalingActive, ScalingLimited.
    - currentMetrics [MetricStatus] atomic | What was measured.
    - currentReplicas int32 | Pods there were.
    - desiredReplicas! int32 | Pods that were wanted.
    - lastScaleTime Time | When the number last changed.
    - observedGeneration int64 | The generation that was seen.
    HorizontalPodAutoscalerCondition | One aspect of an autoscaler's state.
    - lastTransitionTime Time | When it last changed.
    - message string | For people.
    - reason string | For programs.
    - status! string | True, False or Unknown.
    - type! string | Which aspect.
    MetricStatus | What was measured of one metric.
    - containerResource ContainerResourceMetricStatus | CPU or memory of one container of each pod.
    - external ExternalMetricStatus | Something outside the cluster.
    - object ObjectMetricStatus | Something of one object.
    - pods PodsMetricStatus | Something of each pod.
    - resource ResourceMetricStatus | CPU or memory of each pod.
    - type! string | Which of them.
    ResourceMetricStatus | CPU or memory of each pod.
    - current! MetricValueStatus | As measured.
    - name! string | cpu or memory.
    ContainerResourceMetricStatus | CPU or memory of one container of each pod.
    - container! string | The container.
    - current! MetricValueStatus | As measured.
    - name! string | cpu or memory.
    PodsMetricStatus | Something of each pod.
    - current! MetricValueStatus | As measured.
    - metric! MetricIdentifier | What.
    ObjectMetricStatus | Something of one object.
    - current! MetricValueStatus | As measured.
    - describedObject! CrossVersionObjectReference | The object.
    - metric! MetricIdentifier | What.
    ExternalMetricStatus | Something outside the cluster.
    - current! MetricValueStatus | As measured.
    - metric! MetricIdentifier | What.
    MetricValueStatus | A measured value.
    - averageUtilization int32 | Percent of the pods' requests.
    - averageValue Quantity | The average over all pods.
    - value Quantity | The value itself.
    @ io.k8s.api.autoscaling.v1 autoscaling/v1
    Scale kind | The number of pods of something that can be scaled. Read and written at its scale subresource.
    - spec ScaleSpec | The number wanted.
    - status ScaleStatus | The number there is.
    ScaleSpec | The number wanted.
    - replicas int32 | How many.
    ScaleStatus | The number there is.
    - replicas! int32 | How many.
    - selector string | Which pods are counted.
    """
}
