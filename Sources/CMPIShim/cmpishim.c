#include "cmpishim.h"
