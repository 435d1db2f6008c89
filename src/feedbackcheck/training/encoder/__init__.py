"""A small Norwegian text encoder: pieces, packing, masked-language-model training, export and probe."""
