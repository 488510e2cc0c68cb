"""The union catalogue (联合目录): bibs, holdings, loading, matching and review."""
