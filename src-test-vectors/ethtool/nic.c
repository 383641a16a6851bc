/* Stands between ethtool and the kernel: see capture. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static void record(const void *octets, size_t size)
{
	FILE *file = fopen(getenv("NIC_RECORD"), "a");
	const unsigned char *each = octets;
	unsigned int command;

	memcpy(&command, octets, sizeof command);
	fprintf(file, "# 0x%02x\n", command);
	for (size_t i = 0; i < size; i++)
		fprintf(file, "%02x", each[i]);
	fprintf(file, "\n");
	fclose(file);
}

/* ethtool asks over netlink where it can; we want the ioctl. */
int socket(int domain, int type, int protocol)
{
	int (*real)(int, int, int) = dlsym(RTLD_NEXT, "socket");

	if (domain == AF_NETLINK) {
		errno = EAFNOSUPPORT;
		return -1;
	}
	return real(domain, type, protocol);
}

static const char *const features[] = { "rx-ntuple-filter", "esp-hw-offload", "rx-hashing" };

static int answer(void *data)
{
	struct ethtool_rxnfc *rxnfc = data;
	struct ethtool_sset_info *info = data;
	struct ethtool_gstrings *strings = data;
	struct ethtool_gfeatures *blocks = data;
	struct ethtool_channels *channels = data;

	switch (rxnfc->cmd) {
	case ETHTOOL_GRXCLSRLCNT:
		record(data, sizeof *rxnfc);
		rxnfc->rule_cnt = 1;
		rxnfc->data = 64;
		return 0;
	case ETHTOOL_GRXCLSRLALL:
		record(data, sizeof *rxnfc + rxnfc->rule_cnt * sizeof(__u32));
		rxnfc->rule_locs[0] = 63;
		rxnfc->data = 64;
		return 0;
	case ETHTOOL_GRXRINGS:
		record(data, sizeof *rxnfc);
		rxnfc->data = 8;
		return 0;
	case ETHTOOL_GRXCLSRULE:
	case ETHTOOL_SRXCLSRLINS:
	case ETHTOOL_SRXCLSRLDEL:
	case ETHTOOL_GRXFH:
	case ETHTOOL_SRXFH:
		record(data, sizeof *rxnfc);
		return 0;
	case ETHTOOL_GSSET_INFO:
		record(data, sizeof *info + sizeof(__u32));
		info->data[0] = 3;
		return 0;
	case ETHTOOL_GSTRINGS:
		record(data, sizeof *strings);
		for (int i = 0; i < 3; i++)
			strncpy((char *)strings->data + i * ETH_GSTRING_LEN, features[i], ETH_GSTRING_LEN);
		return 0;
	case ETHTOOL_GFEATURES:
		record(data, sizeof *blocks + blocks->size * sizeof blocks->features[0]);
		blocks->features[0].available = 7;
		return 0;
	case ETHTOOL_GCHANNELS:
		record(data, sizeof *channels);
		channels->max_combined = 8;
		channels->combined_count = 4;
		return 0;
	default:
		errno = EOPNOTSUPP;
		return -1;
	}
}

int ioctl(int fd, unsigned long request, ...)
{
	int (*real)(int, unsigned long, ...) = dlsym(RTLD_NEXT, "ioctl");
	va_list list;
	void *argument;

	va_start(list, request);
	argument = va_arg(list, void *);
	va_end(list);
	return request == SIOCETHTOOL ? answer(((struct ifreq *)argument)->ifr_data) : real(fd, request, argument);
}
