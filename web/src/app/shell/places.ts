import {
  type Icon,
  IconAlertCircle,
  IconArrowsLeftRight,
  IconDeviceDesktop,
  IconEye,
  IconListDetails,
  IconSettings,
  IconUpload,
  IconUser,
  IconUsers,
  IconUsersGroup,
} from '@tabler/icons-react';

export interface Place {
  to: '/studies' | '/patients' | '/queue' | '/upload' | '/unsettled' | '/identity' | '/interfaces' | '/devices' | '/audit' | '/administration';
  words: 'studies' | 'patients' | 'queue' | 'upload' | 'unsettled' | 'identity' | 'interfaces' | 'devices' | 'audit' | 'administration';
  icon: Icon;
  /** What somebody must be allowed to find the place in the rail. */
  permission: string;
}

/** The places of the house, in the order of the rail. */
export const PLACES: Place[] = [
  { to: '/studies', words: 'studies', icon: IconListDetails, permission: 'archive.read' },
  { to: '/patients', words: 'patients', icon: IconUser, permission: 'record.read' },
  { to: '/queue', words: 'queue', icon: IconUsersGroup, permission: 'record.read' },
  { to: '/upload', words: 'upload', icon: IconUpload, permission: 'archive.write' },
  { to: '/unsettled', words: 'unsettled', icon: IconAlertCircle, permission: 'archive.resolve' },
  { to: '/identity', words: 'identity', icon: IconUsers, permission: 'record.resolve' },
  { to: '/interfaces', words: 'interfaces', icon: IconArrowsLeftRight, permission: 'record.resolve' },
  { to: '/devices', words: 'devices', icon: IconDeviceDesktop, permission: 'archive.resolve' },
  { to: '/audit', words: 'audit', icon: IconEye, permission: 'audit.read' },
  { to: '/administration', words: 'administration', icon: IconSettings, permission: 'administer' },
];
