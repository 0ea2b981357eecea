enum DefinitionsPlaceholder {}
