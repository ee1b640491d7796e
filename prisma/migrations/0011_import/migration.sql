-- An export goes through the memories from the oldest on: an order that an import into another tenant keeps, because it
-- keeps the times and the ids.
CREATE INDEX memories_oldest ON memories (tenant_id, created_at, memory_id);
