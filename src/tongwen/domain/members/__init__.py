"""Membership (机构服务平台): member institutions, where they are, and the sharing domains they stand in."""
