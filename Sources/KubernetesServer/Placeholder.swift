enum KubernetesServerPlaceholder {}
