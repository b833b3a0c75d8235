"""What a parchemin's code says and its check: payload, keys, withdrawals, page, badge; no cases."""
