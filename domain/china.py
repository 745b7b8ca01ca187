"""The one time zone of the product: days, hours and words of time are those of China."""

from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
