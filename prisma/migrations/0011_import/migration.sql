-- An export goes through the memories from the oldest on: an order that an import into another tenant keeps, because it
-- keeps the times and the ids.
CREATE INDEX memories_oldest ON memories (tenant_id, created_at, memory_id);

-- What an imported memory keeps of where it was before: when it changed last there, and its versions there.
ALTER TABLE memory_versions
  ADD COLUMN updated_at timestamptz,
  ADD COLUMN earlier    jsonb;
