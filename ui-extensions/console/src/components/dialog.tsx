import { Modal, type ModalRootProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { text } from '../text.ts';

/** A modal dialog; its head is a plain element, since a page has one banner only. */
export function Dialog({
  title,
  children,
  ...root
}: Omit<ModalRootProps, 'title' | 'children'> & { title: ReactNode; children: ReactNode }) {
  return (
    <Modal.Root centered radius="lg" {...root}>
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Header component="div">
          <Modal.Title className="dialog-title">{title}</Modal.Title>
          <Modal.CloseButton aria-label={text.common.close} />
        </Modal.Header>
        <Modal.Body>{children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}
