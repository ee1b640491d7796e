-- What a text means to the embedder of the installation: a scale (little-endian float) and a whole number of -127 to 127
-- for each dimension. Null while no embedder has read it.
ALTER TABLE search_documents ADD COLUMN vector bytea;
