print("rank-probe")
