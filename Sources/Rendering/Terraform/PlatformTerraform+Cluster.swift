import Definitions
import Kubernetes
import Terraform

/// The cluster at EKS and its groups of nodes.
extension PlatformTerraformBuilder {
  mutating func addCluster(_ network: Network) -> TerraformDocument.Reference {
    let ownGroups = platform.cloud.podSecurityGroups
    let role = role(
      "cluster", of: "eks.amazonaws.com",
      policies: ["AmazonEKSClusterPolicy"] + (ownGroups ? ["AmazonEKSVPCResourceController"] : []))
    // Before the cluster, which would make it without an end to what it keeps.
    let log = document.resource(
      "aws_cloudwatch_log_group", "control_plane",
      [
        "name": .string("/aws/eks/\(platform.cluster)/cluster"),
        "retention_in_days": .integer(Int64(platform.cloud.logDays)),
      ])
    for kind in ["application", "dataplane", "host", "performance"] {
      document.resource(
        "aws_cloudwatch_log_group", kind,
        [
          "name": .string("/aws/containerinsights/\(platform.cluster)/\(kind)"),
          "retention_in_days": .integer(Int64(platform.cloud.logDays)),
        ])
    }
    var body: JSONObject = [
      "name": .string(platform.cluster), "role_arn": role.role["arn"],
      "enabled_cluster_log_types": ["api", "audit", "authenticator"],
      "access_config": [["authentication_mode": "API_AND_CONFIG_MAP"]],
      "vpc_config": [
        [
          "subnet_ids": .array((network.privateSubnets + network.publicSubnets).map { $0["id"] }),
          "security_group_ids": [network.nodes["id"]], "endpoint_private_access": true, "endpoint_public_access": true,
        ]
      ],
      "depends_on": .array([log.dependency] + role.attachments.map(\.dependency)),
    ]
    if !platform.cloud.kubernetes.isEmpty { body["version"] = .string(platform.cloud.kubernetes) }
    let cluster = document.resource("aws_eks_cluster", "cluster", body)
    if ownGroups {
      // `standard` lets network policies and node ports work beside them
      // (https://docs.aws.amazon.com/eks/latest/userguide/security-groups-pods-deployment.html).
      let settings: JSONValue = ["env": ["ENABLE_POD_ENI": "true", "POD_SECURITY_GROUP_ENFORCING_MODE": "standard"]]
      document.resource(
        "aws_eks_addon", "vpc_cni",
        [
          "cluster_name": cluster["name"], "addon_name": "vpc-cni", "configuration_values": .string(settings.text),
          "resolve_conflicts_on_create": "OVERWRITE", "resolve_conflicts_on_update": "OVERWRITE",
        ])
    }
    let provider = document.resource(
      "aws_iam_openid_connect_provider", "cluster",
      ["url": cluster["identity[0].oidc[0].issuer"], "client_id_list": ["sts.amazonaws.com"]])
    document.output("cluster_endpoint", cluster["endpoint"], "The cluster's API.")
    document.output("oidc_provider_arn", provider["arn"], "Who vouches for service accounts.")
    return cluster
  }

  /// One group on demand and one on spot where a share was stated, as the platform is planned with; each of several
  /// types, the more of them the fewer interruptions.
  mutating func addNodes(of cluster: TerraformDocument.Reference, in network: Network) {
    let role = role(
      "nodes", of: "ec2.amazonaws.com",
      policies: [
        "AmazonEKSWorkerNodePolicy", "AmazonEKS_CNI_Policy", "AmazonEC2ContainerRegistryReadOnly",
        "CloudWatchAgentServerPolicy",
      ])
    let tags: JSONValue = .object(document.tags)
    let template = document.resource(
      "aws_launch_template", "nodes",
      [
        "name": .string(names.nodes), "description": .string("Nodes of \(platform.cluster)"),
        "vpc_security_group_ids": [network.nodes["id"]],
        // Pods cannot take the node's own role: tokens do not pass a second hop.
        "metadata_options": [
          ["http_endpoint": "enabled", "http_tokens": "required", "http_put_response_hop_limit": 1]
        ],
        "block_device_mappings": [
          [
            "device_name": "/dev/xvda",
            "ebs": [["volume_type": "gp3", "volume_size": 50, "encrypted": "true", "delete_on_termination": "true"]],
          ]
        ],
        // What instances are tagged with does not follow from the provider's tags.
        "tag_specifications": [
          ["resource_type": "instance", "tags": tags], ["resource_type": "volume", "tags": tags],
        ],
      ])
    for group in platform.nodeGroups {
      // As the scheduler and the node autoscaler look for them.
      var labels = group.labels
      labels[WellKnown.nodeGroup] = group.name
      labels[WellKnown.capacityType] = group.isSpot ? "spot" : "on-demand"
      document.resource(
        "aws_eks_node_group", TerraformDocument.label(group.name),
        [
          "cluster_name": cluster["name"], "node_group_name": .string(group.name), "node_role_arn": role.role["arn"],
          "subnet_ids": .array(network.privateSubnets.map { $0["id"] }),
          "capacity_type": group.isSpot ? "SPOT" : "ON_DEMAND",
          "instance_types": .array((platform.instanceTypes[group.name] ?? []).map { .string($0) }),
          "labels": .object(JSONObject(labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
          "scaling_config": [
            [
              "min_size": .integer(Int64(group.minimum)), "max_size": .integer(Int64(group.maximum)),
              "desired_size": .integer(Int64(group.minimum)),
            ]
          ],
          "update_config": [["max_unavailable_percentage": 25]],
          "launch_template": [["id": template["id"], "version": template["latest_version"]]],
          // The node autoscaler's from then on.
          "lifecycle": [["ignore_changes": ["scaling_config[0].desired_size"]]],
          "depends_on": .array((role.attachments + network.routes).map(\.dependency)),
        ])
    }
  }

  private mutating func role(_ name: String, of service: String, policies: [String]) -> (
    role: TerraformDocument.Reference, attachments: [TerraformDocument.Reference]
  ) {
    let trust: JSONValue = [
      "Version": "2012-10-17",
      "Statement": [
        ["Effect": "Allow", "Principal": ["Service": .string(service)], "Action": "sts:AssumeRole"]
      ],
    ]
    let role = document.resource(
      "aws_iam_role", name,
      [
        "name": .string(CloudNames.bounded("\(platform.cluster)-eks-\(name)", 64)),
        "assume_role_policy": .string(trust.text),
      ])
    let attachments = policies.map { policy in
      document.resource(
        "aws_iam_role_policy_attachment", "\(name)_\(policy)",
        ["role": role["name"], "policy_arn": .string("arn:aws:iam::aws:policy/\(policy)")])
    }
    return (role, attachments)
  }
}
