#pragma once

// The template part of pg_tree.h: a walk over protobuf-c messages by their descriptors.

namespace aloft::pg {

/// Calls f(child message) for every set message field of `message`, repeated and oneof ones too.
template <class F>
void for_each_message(ProtobufCMessage* message, F&& f) {
  const ProtobufCMessageDescriptor* d = message->descriptor;
  auto* base = reinterpret_cast<char*>(message);
  for (unsigned i = 0; i < d->n_fields; ++i) {
    const ProtobufCFieldDescriptor& field = d->fields[i];
    if (field.type != PROTOBUF_C_TYPE_MESSAGE) continue;
    if (field.label == PROTOBUF_C_LABEL_REPEATED) {
      const auto count = *reinterpret_cast<std::size_t*>(base + field.quantifier_offset);
      auto* items = *reinterpret_cast<ProtobufCMessage***>(base + field.offset);
      for (std::size_t k = 0; k < count; ++k) f(items[k]);
      continue;
    }
    if ((field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0 &&
        *reinterpret_cast<std::uint32_t*>(base + field.quantifier_offset) != field.id)
      continue;
    if (auto* child = *reinterpret_cast<ProtobufCMessage**>(base + field.offset)) f(child);
  }
}

template <class F>
void walk_message(ProtobufCMessage* root, F&& visit) {
  if (root->descriptor == &pg_query__node__descriptor && !visit(reinterpret_cast<Node*>(root)))
    return;
  for_each_message(root, [&](ProtobufCMessage* child) { walk_message(child, visit); });
}

template <class F>
void walk(Node* root, F&& visit) {
  if (root != nullptr) walk_message(&root->base, visit);
}

}  // namespace aloft::pg
