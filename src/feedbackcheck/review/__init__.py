"""Batch review of sent mail: streams of messages in, a store, a summary and a report out. A face: nothing imports it."""
