"""Identity (统一认证): persons and the institution they act for."""
