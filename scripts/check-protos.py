"""Holds protos/ against Envoy's own descriptors, as the PyPI package xds-protos carries them.

Every message, field (number, type, cardinality, oneof) and enum value of ours must be there and the same.
Exits 0 when it is, 1 with one line a difference, 2 when protoc or xds-protos is missing.
"""

import importlib
import pathlib
import shutil
import subprocess
import sys
import tempfile

PROTOS = pathlib.Path(__file__).resolve().parent.parent / "protos"

# Where messages live upstream, for those that we keep in one file of ours.
UPSTREAM_MODULES = [
    "envoy.config.accesslog.v3.accesslog_pb2",
    "envoy.config.bootstrap.v3.bootstrap_pb2",
    "envoy.config.cluster.v3.circuit_breaker_pb2",
    "envoy.config.cluster.v3.cluster_pb2",
    "envoy.config.cluster.v3.outlier_detection_pb2",
    "envoy.config.common.matcher.v3.matcher_pb2",
    "envoy.config.core.v3.address_pb2",
    "envoy.config.core.v3.base_pb2",
    "envoy.config.core.v3.config_source_pb2",
    "envoy.config.core.v3.health_check_pb2",
    "envoy.config.core.v3.protocol_pb2",
    "envoy.config.endpoint.v3.endpoint_components_pb2",
    "envoy.config.endpoint.v3.endpoint_pb2",
    "envoy.config.listener.v3.listener_components_pb2",
    "envoy.config.listener.v3.listener_pb2",
    "envoy.config.route.v3.route_components_pb2",
    "envoy.config.route.v3.route_pb2",
    "envoy.extensions.filters.http.router.v3.router_pb2",
    "envoy.extensions.filters.network.http_connection_manager.v3.http_connection_manager_pb2",
    "envoy.extensions.retry.host.previous_hosts.v3.previous_hosts_pb2",
    "envoy.extensions.upstreams.http.v3.http_protocol_options_pb2",
    "envoy.service.discovery.v3.ads_pb2",
    "envoy.service.discovery.v3.discovery_pb2",
    "envoy.type.v3.percent_pb2",
    "envoy.type.v3.range_pb2",
    "google.rpc.status_pb2",
]


def compiled():
    """Our files as a FileDescriptorSet."""
    from google.protobuf import descriptor_pb2

    files = sorted(str(path.relative_to(PROTOS)) for path in PROTOS.rglob("*.proto"))
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(["protoc", f"--proto_path={PROTOS}", f"--descriptor_set_out={out.name}", *files], check=True)
        return descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(out.name).read_bytes())


def upstream():
    """Messages, enums and services of Envoy by full name, as descriptor protos."""
    from google.protobuf import descriptor_pb2

    messages, enums, services = {}, {}, {}
    for module in UPSTREAM_MODULES:
        file = descriptor_pb2.FileDescriptorProto()
        importlib.import_module(module).DESCRIPTOR.CopyToProto(file)
        collect(file.package, file.message_type, file.enum_type, messages, enums)
        for service in file.service:
            services[f"{file.package}.{service.name}"] = service
    return messages, enums, services


def collect(prefix, message_types, enum_types, messages, enums):
    for enum in enum_types:
        enums[f"{prefix}.{enum.name}"] = enum
    for message in message_types:
        name = f"{prefix}.{message.name}"
        messages[name] = message
        collect(name, message.nested_type, message.enum_type, messages, enums)


def shape(message, field):
    """What must agree of a field."""
    oneof = message.oneof_decl[field.oneof_index].name if field.HasField("oneof_index") else ""
    return (field.number, field.type, field.label, field.type_name, oneof)


def differences():
    theirs, their_enums, their_services = upstream()
    ours, our_enums, our_services = {}, {}, {}
    for file in compiled().file:
        collect(file.package, file.message_type, file.enum_type, ours, our_enums)
        for service in file.service:
            our_services[f"{file.package}.{service.name}"] = service

    for name, message in ours.items():
        if name not in theirs:
            yield f"{name}: no such message"
            continue
        known = {field.name: shape(theirs[name], field) for field in theirs[name].field}
        for field in message.field:
            if known.get(field.name) != shape(message, field):
                yield f"{name}.{field.name}: ours {shape(message, field)}, theirs {known.get(field.name)}"
    for name, enum in our_enums.items():
        known = {value.name: value.number for value in their_enums[name].value} if name in their_enums else {}
        for value in enum.value:
            if known.get(value.name) != value.number:
                yield f"{name}.{value.name}: ours {value.number}, theirs {known.get(value.name)}"
    for name, service in our_services.items():
        known = {method.name: method for method in their_services[name].method} if name in their_services else {}
        for method in service.method:
            other = known.get(method.name)
            if other is None or (method.input_type, method.output_type) != (other.input_type, other.output_type):
                yield f"{name}.{method.name}: no such method"
    print(f"{len(ours)} messages, {len(our_enums)} enums checked", file=sys.stderr)


def main():
    if shutil.which("protoc") is None:
        print("protoc is not installed", file=sys.stderr)
        return 2
    try:
        found = list(differences())
    except ImportError as error:
        print(f"xds-protos is not installed: {error}", file=sys.stderr)
        return 2
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
