enum MeshPlaceholder {}
